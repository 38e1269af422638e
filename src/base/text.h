#pragma once

#include <string_view>

namespace wattfor {

// What isspace() holds for in the C locale, and only that: no text of a kernel, a program or a
// table is of the user's locale.
inline constexpr std::string_view white_space = " \t\n\v\f\r";

// Without the white space around it.
std::string_view trimmed(std::string_view text);

}  // namespace wattfor
