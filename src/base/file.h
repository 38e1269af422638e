#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace wattfor {

// The whole of a small file (sysfs, procfs, a CSV); throws Error naming the path.
std::string read_file(const std::filesystem::path& path);

// As read_file, but a file that can't be read, for whatever reason, is an expected answer: missing,
// forbidden, a folder, an input/output error of the driver behind it. What is no regular file (a
// pipe nobody writes to) is not read at all. Trailing white space is cut, as kernel attributes end
// with a newline.
std::optional<std::string> read_attribute(const std::filesystem::path& path);

// Replaces `path` with `text` so that a reader, or a crash, sees the old file or the new one whole.
// A link is followed; an open descriptor (/dev/stdout, /dev/fd/3), whatever lies behind it, and
// what is no regular file (a named pipe) are written in place. Throws Error naming the path;
// nothing is left behind then.
void write_file(const std::filesystem::path& path, std::string_view text);

// Writes the whole of `text` to a descriptor. A pipe whose reader has gone throws Error{io} and
// never raises SIGPIPE, whatever the process does with that signal. Blocks while the reader does
// not read; a line below 64 KiB always fits into an empty pipe.
void write_all(int fd, std::string_view text);

}  // namespace wattfor
