#pragma once

#include <string>
#include <vector>

#include "report/top_view.h"

namespace wattfor {

struct TopNote {
  std::string text;
  bool urgent = false;  // it tells of figures that are not what they seem
};

// What a reader of a view's figures has to know, the gravest first; components of which the same is
// to be said share a line. The texts are not printable() yet.
std::vector<TopNote> top_notes(const TopView& view);

}  // namespace wattfor
