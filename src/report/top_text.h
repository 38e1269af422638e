#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "report/top_view.h"

namespace wattfor {

// What is to be drawn on, and what its user has asked for.
struct TopFrame {
  int width = 80;
  std::optional<int> height = std::nullopt;  // nothing for text that is printed: all rows
  bool unicode = true;                       // else ASCII alone
  bool colour = false;                       // bold, dim and yellow
  Seconds interval{1.0};                     // as asked for; of the latest one see the view
  bool paused = false;
  bool help = false;
  bool notes = false;               // alone, whole
  std::size_t first_component = 0;  // that is shown, where not all fit
};

// The view as lines of at most `width` columns, and at most `height` of them. A name or a command
// gives the terminal no orders.
std::vector<std::string> top_lines(const TopView& view, const TopFrame& frame);

// What is left on the screen when the program has gone: one line, without its end.
std::string top_summary(const TopView& view, const TopFrame& frame);

// `width` columns for the minute that ends at `end`, each the mean power over its part, scaled to
// the highest of them: ▁ is 0 W. Blank where no sensor saw enough.
std::string sparkline(const std::deque<PowerPoint>& history, Instant end, int width, bool unicode);

}  // namespace wattfor
