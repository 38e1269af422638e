#include "cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

#include "base/pipe_signal.h"

namespace wattfor::cli {

bool is_terminal(std::FILE* stream) { return isatty(fileno(stream)) == 1; }

int terminal_width(std::FILE* stream) {
  constexpr int narrowest = 40;
  constexpr int of_a_file = 100;
  winsize size{};
  if (!is_terminal(stream) || ioctl(fileno(stream), TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
    return of_a_file;
  }
  return std::max<int>(narrowest, size.ws_col);
}

void say(std::string_view text) {
  const PipeSignalHeld held;
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

}  // namespace wattfor::cli
