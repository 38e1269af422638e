#include <fmt/format.h>
#include <fmt/ranges.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "cli/screen.h"
#include "cli/signals.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "document/text_table.h"
#include "measurement/json.h"
#include "meter/machine.h"
#include "report/top_source.h"
#include "report/top_text.h"
#include "report/top_view.h"
#include "sensor/discovery.h"
#include "sensor/meter_spec.h"

namespace wattfor::cli {
namespace {

using std::chrono::milliseconds;

constexpr std::array<double, 11> intervals_s{0.1, 0.2, 0.5, 1.0,  2.0,  5.0,
                                             10., 20., 60., 300., 3600.};

Instant::duration ticks_of(double seconds) {
  return std::chrono::duration_cast<Instant::duration>(Seconds(seconds));
}

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// By the words of the environment, as the terminal is not on the machine whose locales are
// installed.
bool terminal_takes_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    std::string locale(variable(name));
    if (locale.empty()) continue;
    std::ranges::transform(locale, locale.begin(),
                           [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return locale.find("UTF-8") != std::string::npos || locale.find("UTF8") != std::string::npos;
  }
  return false;
}

bool can_draw() {
  const std::string_view terminal = variable("TERM");
  return is_terminal(stdout) && !terminal.empty() && terminal != "dumb";
}

// Holds the log's lines back while the screen is drawn on, and says them afterwards.
class HeldLog {
 public:
  HeldLog() {
    set_log_sink([this](LogLevel, std::string_view line) {
      const std::lock_guard lock(mutex_);
      lines_.emplace_back(line);
    });
  }
  HeldLog(const HeldLog&) = delete;
  HeldLog& operator=(const HeldLog&) = delete;
  ~HeldLog() {
    set_log_sink([](LogLevel, std::string_view line) { say_line(line); });
    for (const std::string& line : lines_) say_line(line);
  }

 private:
  static void say_line(std::string_view line) {
    say(fmt::format("wattfor: warning: {}\n", printable_lines(line)));
  }

  std::mutex mutex_;
  std::vector<std::string> lines_;
};

// When intervals end: on a grid of deadlines; those that were slept over are skipped.
class Deadlines {
 public:
  Deadlines(const Clock& clock, double interval_s)
      : clock_(clock), interval_s_(interval_s), next_(clock.now() + ticks_of(interval_s)) {}

  double interval_s() const { return interval_s_; }
  void set_interval(double seconds) {
    interval_s_ = seconds;
    next_ = clock_.now() + ticks_of(seconds);
  }

  bool passed() {
    const Instant now = clock_.now();
    if (now < next_) return false;
    const Instant::duration interval = ticks_of(interval_s_);
    next_ += ((now - next_) / interval + 1) * interval;
    return true;
  }

  // Until the next one; a moment where figures are waited for that come by themselves.
  milliseconds left(bool waiting) const {
    constexpr milliseconds moment{20};
    const auto left = std::chrono::ceil<milliseconds>(std::max(next_ - clock_.now(), {}));
    // poll(2) counts in an int.
    return std::min(waiting ? std::min(left, moment) : left, milliseconds(3'600'000));
  }

 private:
  const Clock& clock_;
  double interval_s_;
  Instant next_;
};

void print(const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
    throw error_from_errno(errno, "writing to standard output failed");
  }
}

std::string printed_picture(const TopView& view, bool is_first) {
  const TopFrame frame{.width = terminal_width(stdout),
                       .unicode = !is_terminal(stdout) || terminal_takes_utf8()};
  return fmt::format("{}{}\n", is_first ? "" : "\n", fmt::join(top_lines(view, frame), "\n"));
}

int print_pictures(const TopOptions& options, TopSource& source, Deadlines& deadlines,
                   SignalQueue& signals) {
  std::signal(SIGPIPE, SIG_DFL);  // a reader that has seen enough ends this quietly
  const int wanted = options.once ? 1 : options.samples.value_or(0);
  int printed = 0;
  while (true) {
    const auto signal = signals.wait(deadlines.left(source.waiting()));
    if (signal && signal->number != SIGCHLD) die_by(signal->number);
    if (deadlines.passed()) source.end_interval();
    while (source.catch_up()) {
      print(options.json ? dump(top_json(source.view(), utc_now())) + "\n"
                         : printed_picture(source.view(), printed == 0));
      if (++printed == wanted) return 0;
    }
  }
}

// What a signal or a key asks for.
enum class Wish { none, redraw, quit };

class LivePicture {
 public:
  LivePicture(const TopOptions& options, TopSource& source, Deadlines& deadlines,
              SignalQueue& signals)
      : options_(options), source_(source), deadlines_(deadlines), signals_(signals) {
    frame_.unicode = terminal_takes_utf8();
    frame_.colour = variable("NO_COLOR").empty();
  }

  // The signal that ended it, or nothing where its user did or all samples were shown.
  std::optional<int> run() {
    int shown = 0;
    draw();
    while (true) {
      Wish wish = wait();
      if (deadlines_.passed()) source_.end_interval();
      const int shown_before = shown;
      while (source_.catch_up()) ++shown;
      if (shown > shown_before && !frame_.paused) {
        held_ = source_.view();
        wish = std::max(wish, Wish::redraw);
      }
      if (wish == Wish::quit) return ended_by_;
      if (wish == Wish::redraw) draw();
      if (options_.samples && shown >= *options_.samples) return std::nullopt;
    }
  }

 private:
  Wish wait() {
    std::array<pollfd, 2> sources{
        {{.fd = signals_.fd(), .events = POLLIN, .revents = 0},
         {.fd = screen_.has_keys() ? STDIN_FILENO : -1, .events = POLLIN, .revents = 0}}};
    const auto patience = deadlines_.left(source_.waiting());
    if (poll(sources.data(), sources.size(), static_cast<int>(patience.count())) <= 0) {
      return Wish::none;
    }
    Wish wish = Wish::none;
    while (const auto signal = signals_.wait(milliseconds(0))) {
      wish = std::max(wish, answer(*signal));
    }
    if (sources[1].revents != 0) {
      for (const Typed& typed : screen_.typed()) wish = std::max(wish, answer(typed));
    }
    return wish;
  }

  Wish answer(const ArrivedSignal& signal) {
    switch (signal.number) {
      case SIGCHLD:
        return Wish::none;
      case SIGWINCH:
        return Wish::redraw;
      case SIGTSTP:
        screen_.suspend();
        return Wish::redraw;
      case SIGCONT:
        screen_.enter();
        return Wish::redraw;
      default:
        if (!signal.from_terminal) ended_by_ = signal.number;
        return Wish::quit;
    }
  }

  Wish answer(const Typed& typed) {
    const int page = std::max(FullScreen::size().height / 2, 1);
    switch (typed.character) {
      case 'q':
        return Wish::quit;
      case '+':
      case '=':
        return change_interval(true);
      case '-':
        return change_interval(false);
      case 'p':
      case ' ':
        frame_.paused = !frame_.paused;
        held_ = source_.view();
        return Wish::redraw;
      case 'r':
        source_.restart();
        if (!frame_.paused) held_ = source_.view();
        return Wish::redraw;
      case '?':
      case 'h':
        frame_.help = !frame_.help;
        return Wish::redraw;
      case 'n':
        frame_.notes = frame_.help || !frame_.notes;
        frame_.help = false;
        return Wish::redraw;
      case '\0':
        break;
      default:
        frame_.help = false;
        frame_.notes = false;
        return Wish::redraw;
    }
    switch (typed.key) {
      case Key::up:
        return scroll(-1);
      case Key::down:
        return scroll(1);
      case Key::page_up:
        return scroll(-page);
      case Key::page_down:
        return scroll(page);
    }
    return Wish::none;
  }

  Wish change_interval(bool longer) {
    const double now = deadlines_.interval_s();
    if (longer) {
      const auto next = std::ranges::upper_bound(intervals_s, now);
      if (next != intervals_s.end()) deadlines_.set_interval(*next);
    } else {
      const auto next = std::ranges::lower_bound(intervals_s, now);
      if (next != intervals_s.begin()) deadlines_.set_interval(*std::prev(next));
    }
    return Wish::redraw;
  }

  Wish scroll(int rows) {
    const auto last = static_cast<int>(held_.components.size()) - 1;
    const int first = static_cast<int>(frame_.first_component) + rows;
    frame_.first_component = static_cast<std::size_t>(std::clamp(first, 0, std::max(last, 0)));
    return Wish::redraw;
  }

  void draw() {
    const ScreenSize size = FullScreen::size();
    frame_.width = size.width;
    frame_.height = size.height;
    frame_.interval = Seconds(deadlines_.interval_s());
    screen_.draw(top_lines(held_, frame_));
  }

  const TopOptions& options_;
  TopSource& source_;
  Deadlines& deadlines_;
  SignalQueue& signals_;
  TopFrame frame_;
  TopView held_ = source_.view();  // that is shown
  std::optional<int> ended_by_;
  FullScreen screen_;
};

int draw_live(const TopOptions& options, TopSource& source, Deadlines& deadlines,
              SignalQueue& signals) {
  std::optional<int> ended_by;
  {
    const HeldLog held;
    ended_by = LivePicture(options, source, deadlines, signals).run();
  }
  if (ended_by) die_by(*ended_by);
  const TopFrame frame{.unicode = terminal_takes_utf8()};
  print(top_summary(source.view(), frame) + "\n");
  return 0;
}

}  // namespace

int run_verb(const TopOptions& options) {
  const bool live = !options.json && !options.once && can_draw();
  SignalQueue signals = live ? SignalQueue{SIGTSTP, SIGCONT, SIGWINCH} : SignalQueue{};
  const SystemClock clock;
  const DiscoveryRoots roots = roots_from_environment(meter_specs(options.meters));
  ProbeResult found = devices_to_meter(roots);
  refuse_silent_meters(found.obstacles);
  TopSource source(std::move(found), roots, clock, Seconds(options.interval_seconds));
  Deadlines deadlines(clock, options.interval_seconds);
  return live ? draw_live(options, source, deadlines, signals)
              : print_pictures(options, source, deadlines, signals);
}

}  // namespace wattfor::cli
