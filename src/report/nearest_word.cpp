#include "report/nearest_word.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

#include "measurement/model_table.h"

namespace wattfor {
namespace {

// Levenshtein distance, one row of its table at a time.
std::size_t edits(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), 0U);
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < to.size(); ++j) {
      const std::size_t replaced = diagonal + (from[i] == to[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string nearest_word(std::string_view typed, std::span<const std::string> words) {
  return *std::ranges::min_element(words, {},
                                   [&](const std::string& word) { return edits(typed, word); });
}

std::string nearest_model(const std::string& typed, std::vector<std::string> models) {
  if (architecture_of(typed) == typed) {
    for (std::string& model : models) model = architecture_of(model);
  }
  return nearest_word(typed, models);
}

Error unknown_name(std::string_view what, const std::string& asked,
                   const std::vector<std::string>& there) {
  if (there.empty()) {
    return {ErrorCode::not_found, fmt::format("there is no {} '{}', nor any other", what, asked)};
  }
  return {ErrorCode::not_found,
          fmt::format("there is no {} '{}'; did you mean '{}'? The store has:\n  {}", what, asked,
                      nearest_word(asked, there), fmt::join(there, "\n  "))};
}

}  // namespace wattfor
