#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <variant>

#include "base/unique_fd.h"

namespace wattfor {

// A small file that the kernel makes anew whenever it is read from its start (sysfs, procfs), kept
// open: a read is one system call. Where its device has vanished, one read says so and each further
// one tries to open the file again, so that a driver that was reloaded is found, with a counter
// that begins anew. It is then looked for where it first lay, in its device's own folder: a link
// that led there (class/hwmon/hwmon2) may lead to another device by now.
class AttributeFile {
 public:
  // Of less than `longest` bytes; more are EFBIG. Opens it; what stands in the way shows as the
  // first read's errno.
  explicit AttributeFile(std::filesystem::path path, std::size_t longest = 64);

  // The text as it stands, its trailing newline included, valid until the next read; else the
  // errno.
  std::variant<std::string_view, int> read();

  const std::filesystem::path& path() const { return path_; }

 private:
  int open();
  ssize_t read_open_file();

  std::filesystem::path path_;
  std::filesystem::path place_;  // where its links led when it was first there
  UniqueFd file_;
  std::string text_;
};

// pread(2), or what a test puts in its place to let a read fail, block or answer garbage; null
// gives the kernel's own back. To be set while nobody reads.
using PositionedRead = ssize_t (*)(int file, void* text, std::size_t length, off_t offset);
void set_attribute_read(PositionedRead read);

}  // namespace wattfor
