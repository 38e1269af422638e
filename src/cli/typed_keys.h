#pragma once

#include <string_view>
#include <vector>

namespace wattfor::cli {

enum class Key { up, down, page_up, page_down };

// What was typed: a printable ASCII character, or a key without one.
struct Typed {
  char character = '\0';
  Key key = Key::up;  // where there is no character
};

// The keys in what a terminal sent. A sequence that is not known here (a function key, the mouse)
// is no key, as a whole, and nor is a text that was pasted: none of its letters is a command.
std::vector<Typed> typed_keys(std::string_view bytes);

}  // namespace wattfor::cli
