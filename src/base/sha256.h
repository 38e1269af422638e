#pragma once

#include <filesystem>
#include <string>

namespace wattfor {

// SHA-256 of a file's bytes in lower-case hex; reads it in pieces. Throws Error naming the path.
std::string sha256_of_file(const std::filesystem::path& path);

}  // namespace wattfor
