#pragma once

#include <cstdint>

namespace wattfor {

// How many forks lie behind this process. What was made under another number is the parent's: of
// its threads none runs here, its locks may be held for ever, and its store is not ours to write.
// Such an object is neither used nor destroyed.
std::uint64_t fork_generation();

// Throws Error{unsupported}, which says what has become of what was made before the fork.
[[noreturn]] void refuse_forked();

// Deletes what was made in this process, and leaves alone what a fork copied.
struct DeleteAtHome {
  std::uint64_t home = fork_generation();

  bool is_home() const { return home == fork_generation(); }
  template <class Type>
  void operator()(Type* object) const {
    if (is_home()) delete object;
  }
};

}  // namespace wattfor
