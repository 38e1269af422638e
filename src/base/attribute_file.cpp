#include "base/attribute_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace wattfor {
namespace {

PositionedRead positioned_read = ::pread;

// The file belongs to a device that is no longer there, or its driver was unloaded.
bool has_vanished(int error_number) {
  return error_number == ENODEV || error_number == ENXIO || error_number == ENOENT;
}

}  // namespace

void set_attribute_read(PositionedRead read) { positioned_read = read ? read : ::pread; }

AttributeFile::AttributeFile(std::filesystem::path path, std::size_t longest)
    : path_(std::move(path)), text_(longest, '\0') {
  open();
}

std::variant<std::string_view, int> AttributeFile::read() {
  if (!file_) {
    const int refusal = open();
    if (refusal != 0) return refusal;
  }
  const ssize_t length = read_open_file();
  if (length < 0) {
    const int reason = errno;
    if (has_vanished(reason)) file_.reset();
    return reason;
  }
  // The beginning of a longer number is another number.
  if (static_cast<std::size_t>(length) == text_.size()) return EFBIG;
  return std::string_view(text_).substr(0, static_cast<std::size_t>(length));
}

// Zero, or the errno. Without O_NONBLOCK, opening a named pipe waits for its writer.
int AttributeFile::open() {
  if (place_.empty()) {
    std::error_code error;
    place_ = std::filesystem::canonical(path_, error);
    if (error) return error.value();
  }
  file_ = UniqueFd(::open(place_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  return file_ ? 0 : errno;
}

ssize_t AttributeFile::read_open_file() {
  ssize_t length = 0;
  do {
    length = positioned_read(file_.get(), text_.data(), text_.size(), 0);
  } while (length < 0 && errno == EINTR);
  return length;
}

}  // namespace wattfor
