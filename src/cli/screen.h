#pragma once

#include <termios.h>

#include <string>
#include <vector>

#include "cli/typed_keys.h"

namespace wattfor::cli {

struct ScreenSize {
  int width = 80;
  int height = 24;
};

// The whole terminal behind standard output, for a program that draws it again and again: the
// alternate screen, no cursor, no line wrap, keys as they are typed from standard input (where that
// is a terminal too). Ctrl-C and Ctrl-Z stay signals. The terminal is given back as it was when
// this object goes, and when the program crashes. One at a time.
class FullScreen {
 public:
  FullScreen();
  FullScreen(const FullScreen&) = delete;
  FullScreen& operator=(const FullScreen&) = delete;
  ~FullScreen();

  // Stops this process as Ctrl-Z would have, with the terminal given back meanwhile.
  void suspend();
  // Takes the terminal again: somebody else may have changed it while the process was stopped.
  void enter();

  // As it is now; 80 × 24 where the terminal does not tell.
  static ScreenSize size();
  // Replaces the picture in one write, so that it does not flicker.
  void draw(const std::vector<std::string>& lines);

  // Whether keys can be typed: wait for standard input to be readable, then ask for them.
  bool has_keys() const { return has_keys_; }
  std::vector<Typed> typed();

 private:
  void leave();

  bool has_keys_ = false;
};

}  // namespace wattfor::cli
