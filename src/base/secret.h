#pragma once

#include <string>
#include <string_view>

namespace wattfor {

// 256 random bits in lower-case hex, from the kernel. Throws Error{unsupported} where it gives
// none.
std::string random_secret();

// Whether both are the same, in a time that depends on their lengths alone: nobody learns a secret
// by asking letter by letter.
bool is_same_secret(std::string_view one, std::string_view other);

}  // namespace wattfor
