#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wattfor {

// More than any file under /proc or /sys that is read whole has.
inline constexpr std::size_t longest_kernel_text = 65536;

// The first bytes of a kernel file, at most `most` of them; nothing where it can't be read or is no
// regular file. Never more is read, however long the file is.
std::optional<std::string> beginning_of(const std::filesystem::path& path, std::size_t most);

// The whole of a kernel file less the white space at its end; nothing also where it is longer than
// any such file.
std::optional<std::string> kernel_text(const std::filesystem::path& path);

// A kernel file that is one whole number; nothing for anything else.
std::optional<std::int64_t> kernel_number(const std::filesystem::path& path);

// The whole number that a text is; nothing where it is something else or more than that.
std::optional<std::int64_t> whole_number(std::string_view text);

// The text's lines, without their ends.
std::vector<std::string> lines_of(std::string_view text);

// What stands behind `key` and a colon in one of the lines, without the white space around it;
// empty where there is no such line.
std::string value_of(std::string_view text, std::string_view key);

// The entries of a folder, in order; none where it can't be read.
std::vector<std::filesystem::path> entries_of(const std::filesystem::path& folder);

// The processors or nodes of a kernel list, "0-3,8" (Documentation/admin-guide/cputopology.rst);
// none where it is something else.
std::vector<int> listed_numbers(std::string_view list);

}  // namespace wattfor
