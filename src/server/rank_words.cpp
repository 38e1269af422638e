#include "server/rank_words.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/error.h"
#include "report/nearest_word.h"

namespace wattfor {
namespace {

template <class Number>
Number number_of(std::string_view word, std::string_view text) {
  Number number{};
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size()) {
    throw Error(ErrorCode::usage, fmt::format("{}: expected a number, found '{}'", word, text));
  }
  return number;
}

Score score_of(const std::string& text) {
  if (const auto score = from_name<Score>(text)) return *score;
  std::vector<std::string> names;
  names.reserve(enumerators<Score>.size());
  for (const Score score : enumerators<Score>) names.emplace_back(name_of(score));
  throw Error(ErrorCode::usage, fmt::format("score: there is no '{}'; the nearest is '{}'", text,
                                            nearest_word(text, names)));
}

const std::vector<std::string>& rank_words() {
  static const std::vector<std::string> words{"setup",        "test-set",     "score", "weight",
                                              "min-accuracy", "max-energy-j", "top"};
  return words;
}

}  // namespace

RankQuery rank_query(const QueryWords& words) {
  RankQuery query;
  std::set<std::string_view> seen;
  for (const auto& [word, value] : words) {
    if (word == "test-set") {
      query.where.test_sets.push_back(value);
      continue;
    }
    if (!seen.insert(word).second) {
      throw Error(ErrorCode::usage, fmt::format("{} is there twice: expected it once", word));
    }
    if (word == "setup") {
      query.where.setup = value;
    } else if (word == "score") {
      query.score = score_of(value);
    } else if (word == "weight") {
      query.weight = number_of<double>(word, value);
    } else if (word == "min-accuracy") {
      query.min_accuracy_percent = number_of<double>(word, value);
    } else if (word == "max-energy-j") {
      query.max_energy_j = number_of<double>(word, value);
    } else if (word == "top") {
      query.top = number_of<int>(word, value);
    } else {
      throw Error(ErrorCode::usage, fmt::format("there is no '{}' to ask for; the nearest is '{}'",
                                                word, nearest_word(word, rank_words())));
    }
  }
  return query;
}

}  // namespace wattfor
