#pragma once

#include <string>
#include <string_view>

#include "report/top_text.h"

namespace wattfor {

enum class TopLook { plain, strong, dim, warning };

struct TopLine {
  std::string text;
  TopLook look = TopLook::plain;
};

// Lays text out on one frame.
class TopPen {
 public:
  explicit TopPen(const TopFrame& frame) : frame_(frame) {}

  // Any text, with nothing in it that the terminal can't show or would obey.
  std::string shown(std::string_view text) const;
  // A shown text in at most so many columns.
  std::string cut(const std::string& text, int columns) const;
  // One text at each side; the right one gives way.
  std::string sides(const std::string& left, const std::string& right) const;
  // What is written to the terminal.
  std::string finish(const TopLine& line) const;

 private:
  const TopFrame& frame_;
};

}  // namespace wattfor
