#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace wattfor {

// SHA-256 of a file's bytes in lower-case hex; reads it in pieces. Throws Error naming the path.
std::string sha256_of_file(const std::filesystem::path& path);
// The same of bytes in memory.
std::string sha256_of(std::string_view bytes);

}  // namespace wattfor
