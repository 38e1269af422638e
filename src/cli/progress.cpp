#include "cli/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "cli/terminal.h"
#include "document/numbers.h"
#include "document/text_table.h"

namespace wattfor::cli {

ProgressBar::ProgressBar(const Clock& clock)
    : clock_(clock), on_terminal_(is_terminal(stderr)), started_(clock.now()) {}

ProgressBar::~ProgressBar() { clear(); }

void ProgressBar::line(std::string_view text) {
  clear();
  say(printable(text) + "\n");
  draw();
}

void ProgressBar::show(double share, std::string_view now) {
  if (first_share_ < 0.0) {
    first_share_ = share;
    started_ = clock_.now();
  }
  share_ = std::clamp(share, 0.0, 1.0);
  now_ = printable(now);
  clear();
  draw();
}

void ProgressBar::clear() {
  if (on_terminal_ && first_share_ >= 0.0) say("\r\033[K");
}

void ProgressBar::draw() {
  if (!on_terminal_ || first_share_ < 0.0) return;
  constexpr int bar_width = 24;
  const int filled = static_cast<int>(std::lround(share_ * bar_width));
  std::string bar;
  for (int i = 0; i < bar_width; ++i) bar += i < filled ? "█" : "░";

  std::string left = "…";
  const double done = share_ - first_share_;
  if (done > 0.0) {
    const double elapsed = std::chrono::duration<double>(clock_.now() - started_).count();
    left = duration_text(Seconds(elapsed * (1.0 - share_) / done)) + " left";
  }
  const std::string head = fmt::format("{} {:3.0f} %  {}  ", bar, share_ * 100.0, left);
  // Bar and ellipsis take one column each but several bytes; what is going on now gets the rest.
  const int used = bar_width + 10 + display_width(left);
  const int room = std::max(terminal_width(stderr) - used - 1, 0);
  say(fmt::format("{}{}", head, first_columns(now_, room)));
}

}  // namespace wattfor::cli
