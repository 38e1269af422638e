#include "base/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <ctime>
#include <system_error>

#include "base/error.h"
#include "base/pipe_signal.h"
#include "base/unique_fd.h"
#include "base/uuid.h"

namespace wattfor {
namespace {

namespace fs = std::filesystem;

// What is left of an open file; nothing, and errno, where reading fails.
std::optional<std::string> read_rest(const UniqueFd& file) {
  std::string text;
  std::array<char, 16384> piece{};
  for (;;) {
    const ssize_t count = ::read(file.get(), piece.data(), piece.size());
    if (count == 0) return text;
    if (count > 0) {
      text.append(piece.data(), static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      return std::nullopt;
    }
  }
}

// Zero, or the errno of the write that failed.
int try_write_all(int fd, std::string_view text) {
  const PipeSignalHeld held;
  while (!text.empty()) {
    const ssize_t count = ::write(fd, text.data(), text.size());
    if (count >= 0) {
      text.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno == EAGAIN) {
      pollfd writable{.fd = fd, .events = POLLOUT, .revents = 0};
      ::poll(&writable, 1, -1);
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

Error cannot_write(int error_number, const fs::path& path) {
  return error_from_errno(error_number, fmt::format("cannot write '{}'", path.string()));
}

// A rename survives a power cut once its folder is on the disk. Some file systems refuse to
// synchronise a folder; the file itself is safe by then.
void synchronise_folder(const fs::path& folder) {
  const UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd) ::fsync(fd.get());
}

// The mode of a new file is subject to the umask, that of a replaced one is kept; what is private
// is so from the first byte.
void replace_file(const fs::path& path, const std::optional<mode_t>& old_mode,
                  std::string_view text) {
  const auto folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  const auto temporary = folder / fmt::format(".wattfor-{}.tmp", random_uuid());
  UniqueFd fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                     old_mode.value_or(0666) & 0777));
  if (!fd) throw cannot_write(errno, path);
  int error_number = try_write_all(fd.get(), text);
  if (error_number == 0 && old_mode && ::fchmod(fd.get(), *old_mode) != 0) error_number = errno;
  if (error_number == 0 && ::fsync(fd.get()) != 0) error_number = errno;
  fd.reset();
  if (error_number == 0 && std::rename(temporary.c_str(), path.c_str()) != 0) error_number = errno;
  if (error_number != 0) {
    ::unlink(temporary.c_str());
    throw cannot_write(error_number, path);
  }
  synchronise_folder(folder);
}

// An open descriptor as the kernel shows it among files.
struct ShownDescriptor {
  fs::path path;  // "/proc/123/fd/1"
  bool own = false;
};

// The descriptor that `path` leads to (/dev/stdout, /dev/fd/3), link by link: where the last of
// them leads is the file behind it, which may be shared with whoever opened it.
std::optional<ShownDescriptor> descriptor_behind(fs::path path) {
  constexpr int most_links = 40;  // as the kernel
  std::error_code error;
  for (int links = 0; links < most_links; ++links) {
    const fs::path folder =
        fs::canonical(path.has_parent_path() ? path.parent_path() : fs::path("."), error);
    if (error) return std::nullopt;
    const fs::path link = folder / path.filename();
    if (folder.filename() == "fd" && folder.string().starts_with("/proc/")) {
      return ShownDescriptor{.path = link, .own = folder == fs::canonical("/proc/self/fd", error)};
    }
    const fs::path target = fs::read_symlink(link, error);
    if (error) return std::nullopt;
    path = folder / target;
  }
  return std::nullopt;
}

// Zero, or the errno. One's own descriptor is written to itself, as it holds the place to write at
// (`>> file`, or behind what was printed before).
int try_write_in_place(const ShownDescriptor& descriptor, std::string_view text) {
  if (descriptor.own) {
    const std::string name = descriptor.path.filename().string();
    int number = -1;
    std::from_chars(name.data(), name.data() + name.size(), number);
    return try_write_all(number, text);
  }
  const UniqueFd fd(::open(descriptor.path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  return fd ? try_write_all(fd.get(), text) : errno;
}

}  // namespace

std::string read_file(const fs::path& path) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file) {
    if (auto text = read_rest(file)) return *std::move(text);
  }
  throw error_from_errno(errno, fmt::format("cannot read '{}'", path.string()));
}

std::optional<std::string> read_attribute(const fs::path& path) {
  // Without O_NONBLOCK, opening a named pipe waits for its writer.
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat facts{};
  if (!file || ::fstat(file.get(), &facts) != 0 || !S_ISREG(facts.st_mode)) return std::nullopt;
  auto text = read_rest(file);
  if (text) text->erase(text->find_last_not_of(" \t\n\v\f\r") + 1);
  return text;
}

void write_file(const fs::path& path, std::string_view text) {
  if (const auto descriptor = descriptor_behind(path)) {
    const int error_number = try_write_in_place(*descriptor, text);
    if (error_number != 0) throw cannot_write(error_number, path);
    return;
  }
  struct stat facts{};
  if (::stat(path.c_str(), &facts) != 0) {
    // A link that leads nowhere is replaced; any other reason shows again when the file is made.
    replace_file(path, std::nullopt, text);
  } else if (S_ISREG(facts.st_mode)) {
    std::error_code unresolved;
    const auto target = fs::canonical(path, unresolved);
    replace_file(unresolved ? path : target, facts.st_mode & 07777, text);
  } else {
    const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    const int error_number = fd ? try_write_all(fd.get(), text) : errno;
    if (error_number != 0) throw cannot_write(error_number, path);
  }
}

void write_all(int fd, std::string_view text) {
  const int error_number = try_write_all(fd, text);
  if (error_number == EPIPE) {
    throw Error(ErrorCode::io, "cannot write to a pipe: its reader has gone");
  }
  if (error_number != 0) {
    throw error_from_errno(error_number, fmt::format("cannot write to descriptor {}", fd));
  }
}

}  // namespace wattfor
