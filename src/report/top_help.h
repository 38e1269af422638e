#pragma once

#include <cstddef>
#include <vector>

#include "report/top_pen.h"

namespace wattfor {

// What the keys do and the words of the picture mean, in at most `room` lines: the keys first.
std::vector<TopLine> top_help(const TopFrame& frame, const TopPen& pen, std::size_t room);

}  // namespace wattfor
