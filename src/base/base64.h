#pragma once

#include <string>
#include <string_view>

namespace wattfor {

// The bytes as text of the standard alphabet, padded (RFC 4648, section 4).
std::string base64_of(std::string_view bytes);

}  // namespace wattfor
