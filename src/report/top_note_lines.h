#pragma once

#include <cstddef>
#include <vector>

#include "report/top_pen.h"
#include "report/top_view.h"

namespace wattfor {

// All notes, whole.
std::vector<TopLine> whole_notes(const TopView& view, const TopFrame& frame, const TopPen& pen);

// The notes on the lines that are free, and on three in any case: one each, and whole where lines
// are left, the urgent ones first.
struct FittedNotes {
  std::vector<TopLine> lines;
  bool is_all = true;  // nothing was left out or cut
};

FittedNotes fitted_notes(const TopView& view, const TopFrame& frame, const TopPen& pen,
                         std::size_t free);

}  // namespace wattfor
