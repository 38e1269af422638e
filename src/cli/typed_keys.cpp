#include "cli/typed_keys.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace wattfor::cli {
namespace {

// How long the control sequence is that a text begins with (ECMA-48, 5.4): ESC [, parameters and
// intermediate bytes, a final byte; or ESC O and one byte (SS3), as xterm sends some keys. 1 where
// it begins with none.
std::size_t sequence_length(std::string_view text) {
  if (text.starts_with("\033O")) return std::min<std::size_t>(3, text.size());
  if (!text.starts_with("\033[")) return 1;
  std::size_t length = 2;
  while (length < text.size() && text[length] >= ' ' && text[length] <= '?') ++length;
  const bool ended = length < text.size() && text[length] >= '@' && text[length] <= '~';
  return ended ? length + 1 : length;
}

}  // namespace

std::vector<Typed> typed_keys(std::string_view bytes) {
  struct Sequence {
    std::string_view text;
    Key key;
  };
  // In the cursor keys' normal and application modes.
  constexpr std::array<Sequence, 6> sequences{{{"\033[A", Key::up},
                                               {"\033OA", Key::up},
                                               {"\033[B", Key::down},
                                               {"\033OB", Key::down},
                                               {"\033[5~", Key::page_up},
                                               {"\033[6~", Key::page_down}}};
  constexpr std::string_view paste_begins = "\033[200~";
  constexpr std::string_view paste_ends = "\033[201~";
  std::vector<Typed> keys;
  while (!bytes.empty()) {
    if (bytes.starts_with(paste_begins)) {
      bytes.remove_prefix(std::min(bytes.find(paste_ends), bytes.size()));
      continue;
    }
    const std::string_view word = bytes.substr(0, sequence_length(bytes));
    bytes.remove_prefix(word.size());
    for (const Sequence& sequence : sequences) {
      if (word == sequence.text) keys.push_back({.key = sequence.key});
    }
    if (word.size() == 1 && word.front() >= ' ' && word.front() <= '~') {
      keys.push_back({.character = word.front()});
    }
  }
  return keys;
}

}  // namespace wattfor::cli
