#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace wattfor {

// What a program says of itself while it is tracked.
namespace mark {

// An epoch ends here: the open one, or all since the one before, or since the run began.
struct Epoch {
  std::optional<std::int64_t> number = std::nullopt;
  bool operator==(const Epoch&) const = default;
};
struct BeginEpoch {
  std::optional<std::int64_t> number = std::nullopt;
  bool operator==(const BeginEpoch&) const = default;
};
struct EndEpoch {
  bool operator==(const EndEpoch&) const = default;
};
struct BeginWindow {
  std::string name;
  bool operator==(const BeginWindow&) const = default;
};
// Of several open windows of that name, the one begun last.
struct EndWindow {
  std::string name;
  bool operator==(const EndWindow&) const = default;
};
// One step more, or so many in all.
struct Step {
  std::optional<std::int64_t> total = std::nullopt;
  bool operator==(const Step&) const = default;
};
// A fact of the training (told_facts.h).
struct Fact {
  std::string word;
  std::string value;
  bool operator==(const Fact&) const = default;
};

}  // namespace mark

using ProgramMark = std::variant<mark::Epoch, mark::BeginEpoch, mark::EndEpoch, mark::BeginWindow,
                                 mark::EndWindow, mark::Step, mark::Fact>;

// A line as `wattfor mark` and the socket in $WATTFOR_MARKS take it, without its newline:
//
//   epoch [N]         epoch N ends here
//   begin epoch [N]   where an epoch begins, if not where the one before ended
//   end epoch
//   begin NAME        a window of any name; names may hold blanks
//   end NAME
//   step [N]          N steps are done in all; without N, one more
//   set WORD=VALUE    a fact of the training
//
// Throws Error{invalid_input} that quotes the line and says what was expected.
ProgramMark parse_mark(std::string_view line);

// The total of steps after one of `done`; throws Error{usage} where it is less.
std::int64_t rising_steps(std::int64_t done, std::int64_t total);

// In bytes, without the newline; a longer line is a fault of the sender.
inline constexpr std::size_t longest_mark = 8192;

}  // namespace wattfor
