#pragma once

#include <cstddef>
#include <random>

namespace wattfor {

// A number below `count`, which is above zero, each as likely: what the engine gives is fixed by
// the standard, what std::uniform_int_distribution makes of it is not. Numbers of the last,
// incomplete round of counts are drawn again.
std::size_t draw_below(std::size_t count, std::mt19937_64& random);

}  // namespace wattfor
