#include "cli/screen.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <string_view>

#include "base/error.h"
#include "base/file.h"

namespace wattfor::cli {
namespace {

// xterm's control sequences (ctlseqs): the alternate screen, no cursor, no wrap at the right edge.
constexpr std::string_view take_screen = "\033[?1049h\033[?25l\033[?7l\033[2J";
constexpr std::string_view give_screen_back = "\033[?7h\033[?25h\033[?1049l";
// A terminal that knows synchronised updates shows what lies between at once; others ignore them.
constexpr std::string_view begin_update = "\033[?2026h\033[H";
constexpr std::string_view end_update = "\033[?2026l";
// Before a line's text: behind a line as wide as the screen the cursor stands on the last column,
// and erasing from there takes its last letter.
constexpr std::string_view clear_line = "\033[2K";
constexpr std::string_view clear_rest = "\033[J";

constexpr std::array<int, 6> crashes{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS};

// What a crash handler finds: it can be told nothing.
struct Taken {
  termios before{};
  std::array<struct sigaction, crashes.size()> handlers{};
};
Taken taken;
volatile std::sig_atomic_t is_taken = 0;

// Both calls are allowed in a signal handler (signal-safety(7)).
void give_back() {
  if (is_taken == 0) return;
  is_taken = 0;
  const ssize_t written = write(STDOUT_FILENO, give_screen_back.data(), give_screen_back.size());
  static_cast<void>(written);  // a terminal that has gone needs nothing back
  tcsetattr(STDOUT_FILENO, TCSADRAIN, &taken.before);
}

// Gives the terminal back and lets the crash take its course.
void on_crash(int number) {
  give_back();
  for (std::size_t i = 0; i < crashes.size(); ++i) {
    if (crashes.begin()[i] == number) sigaction(number, &taken.handlers.begin()[i], nullptr);
  }
  raise(number);  // comes once this handler has returned
}

void watch_for_crashes() {
  struct sigaction action{};
  action.sa_handler = on_crash;
  sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < crashes.size(); ++i) {
    sigaction(crashes.at(i), &action, &taken.handlers.at(i));
  }
}

void watch_no_more() {
  for (std::size_t i = 0; i < crashes.size(); ++i) {
    sigaction(crashes.at(i), &taken.handlers.at(i), nullptr);
  }
}

}  // namespace

FullScreen::FullScreen() : has_keys_(isatty(STDIN_FILENO) == 1) {
  if (tcgetattr(STDOUT_FILENO, &taken.before) != 0) {
    throw error_from_errno(errno, "standard output is no terminal to draw on");
  }
  watch_for_crashes();
  enter();
}

FullScreen::~FullScreen() {
  leave();
  watch_no_more();
}

void FullScreen::enter() {
  termios raw = taken.before;
  raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  is_taken = 1;
  tcsetattr(STDOUT_FILENO, TCSADRAIN, &raw);
  write_all(STDOUT_FILENO, take_screen);
}

void FullScreen::leave() { give_back(); }

void FullScreen::suspend() {
  leave();
  // The signal itself, not SIGSTOP: the kernel drops it where no shell is there to continue us.
  struct sigaction usual{};
  struct sigaction before{};
  usual.sa_handler = SIG_DFL;
  sigaction(SIGTSTP, &usual, &before);
  sigset_t stop;
  sigset_t mask;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTSTP);
  raise(SIGTSTP);
  pthread_sigmask(SIG_UNBLOCK, &stop, &mask);  // stops here
  pthread_sigmask(SIG_SETMASK, &mask, nullptr);
  sigaction(SIGTSTP, &before, nullptr);
  // A shell may have changed the settings that are to be given back in the end.
  tcgetattr(STDOUT_FILENO, &taken.before);
  enter();
}

ScreenSize FullScreen::size() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) {
    return {};
  }
  return {.width = size.ws_col, .height = size.ws_row};
}

void FullScreen::draw(const std::vector<std::string>& lines) {
  std::string picture(begin_update);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0) picture += "\r\n";
    picture += i + 1 < lines.size() ? clear_line : clear_rest;
    picture += lines[i];
  }
  picture += end_update;
  write_all(STDOUT_FILENO, picture);
}

std::vector<Typed> FullScreen::typed() {
  std::array<char, 64> bytes{};
  const ssize_t count = read(STDIN_FILENO, bytes.data(), bytes.size());
  if (count <= 0) has_keys_ = false;
  return typed_keys({bytes.data(), count > 0 ? static_cast<std::size_t>(count) : 0});
}

}  // namespace wattfor::cli
