#include "tracking/mark.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "tracking/told_facts.h"

namespace wattfor {
namespace {

constexpr std::string_view kinds =
    "expected 'epoch [N]', 'begin epoch [N]', 'end epoch', 'begin NAME', 'end NAME', 'step [N]' or "
    "'set WORD=VALUE'";

Error no_mark(std::string_view line, std::string_view why) {
  constexpr std::size_t longest = 80;
  const bool is_long = line.size() > longest;
  return {ErrorCode::invalid_input,
          fmt::format("'{}{}' is no mark: {}", line.substr(0, longest), is_long ? "…" : "", why)};
}

// The first word, and what follows it.
std::pair<std::string_view, std::string_view> split(std::string_view text) {
  const std::size_t blank = text.find_first_of(white_space);
  if (blank == std::string_view::npos) return {text, {}};
  return {text.substr(0, blank), trimmed(text.substr(blank))};
}

// Far from where counting on would overflow.
constexpr std::int64_t greatest_count = 1'000'000'000'000'000;

std::optional<std::int64_t> count_from(std::string_view text, std::string_view line) {
  if (text.empty()) return std::nullopt;
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end != text.data() + text.size() || count < 0 ||
      count > greatest_count) {
    throw no_mark(line, "expected a whole number from 0 to 10^15 after the word");
  }
  return count;
}

bool is_control(char byte) { return (byte >= 0 && byte < ' ' && byte != '\t') || byte == 0x7f; }

std::string name_from(std::string_view text, std::string_view line) {
  if (text.empty()) throw no_mark(line, "expected the name of a window, or 'epoch'");
  return std::string(text);
}

}  // namespace

ProgramMark parse_mark(std::string_view line) {
  const std::string_view text = trimmed(line);
  if (text.size() > longest_mark) {
    throw no_mark(text, fmt::format("expected at most {} bytes", longest_mark));
  }
  if (std::ranges::any_of(text, is_control)) {
    throw no_mark("…", "expected one line of text, without control characters");
  }
  const auto [word, rest] = split(text);
  if (word == "epoch") return mark::Epoch{count_from(rest, text)};
  if (word == "step") return mark::Step{count_from(rest, text)};
  if (word == "begin" || word == "end") {
    const auto [what, number] = split(rest);
    const bool begins = word == "begin";
    if (what != "epoch") {
      const std::string name = name_from(rest, text);
      return begins ? ProgramMark(mark::BeginWindow{name}) : ProgramMark(mark::EndWindow{name});
    }
    if (begins) return mark::BeginEpoch{count_from(number, text)};
    if (!number.empty())
      throw no_mark(text, "expected 'end epoch' alone, which ends the epoch that is open");
    return mark::EndEpoch{};
  }
  if (word == "set") {
    const std::size_t equals = rest.find('=');
    if (equals == std::string_view::npos) {
      throw no_mark(text, "expected WORD=VALUE, e.g. data_fraction=0.1");
    }
    mark::Fact fact{.word = std::string(trimmed(rest.substr(0, equals))),
                    .value = std::string(trimmed(rest.substr(equals + 1)))};
    TrainingFacts tried;
    tell(tried, fact.word, fact.value);
    return fact;
  }
  throw no_mark(text, kinds);
}

std::int64_t rising_steps(std::int64_t done, std::int64_t total) {
  if (total >= done) return total;
  throw Error(ErrorCode::usage,
              fmt::format("{} steps were done already, and now {}: steps count up from the run's "
                          "begin",
                          done, total));
}

}  // namespace wattfor
