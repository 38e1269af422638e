#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"

namespace wattfor::cli {

// One line at the bottom of the terminal, on standard error: a bar, a share, the time left, and
// what is going on now. On a stream that is no terminal only the finished lines are printed.
class ProgressBar {
 public:
  explicit ProgressBar(const Clock& clock);
  ~ProgressBar();  // leaves no trace of the bar

  // Prints a finished line above the bar.
  void line(std::string_view text);
  // `share` in [0, 1] of the whole; the time left is extrapolated from the share that this process
  // has done itself, so that a resumed sweep does not promise too much.
  void show(double share, std::string_view now);

 private:
  void clear();
  void draw();

  const Clock& clock_;
  bool on_terminal_;
  Instant started_;
  double first_share_ = -1.0;
  double share_ = 0.0;
  std::string now_;
};

}  // namespace wattfor::cli
