#pragma once

#include <string>
#include <string_view>

namespace wattfor {

// The bytes as a gzip file (RFC 1952); empty where that is no smaller.
std::string gzipped(std::string_view bytes);

}  // namespace wattfor
