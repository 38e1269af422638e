#include "report/model_choice.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include "base/error.h"
#include "report/nearest_word.h"

namespace wattfor {
namespace {

// "resnet50@224"; nothing where no number of pixels stands behind the last @.
std::optional<ModelKey> name_and_size(const std::string& words) {
  const auto at = words.rfind('@');
  if (at == std::string::npos) return std::nullopt;
  ModelKey key{.model = words.substr(0, at), .input_size = 0};
  const char* end = words.data() + words.size();
  const auto [stop, error] = std::from_chars(words.data() + at + 1, end, key.input_size);
  if (error != std::errc() || stop != end || key.input_size < 0) return std::nullopt;
  return key;
}

std::vector<std::size_t> rows_named(const ModelTable& table, std::string_view name,
                                    const std::vector<bool>& eligible) {
  std::vector<std::size_t> rows;
  const auto first = std::ranges::lower_bound(
      table.models, name, {}, [](const ModelKey& key) -> std::string_view { return key.model; });
  for (auto each = first; each != table.models.end() && each->model == name; ++each) {
    const auto row = static_cast<std::size_t>(each - table.models.begin());
    if (eligible[row]) rows.push_back(row);
  }
  return rows;
}

std::string listed(const ModelTable& table, const std::vector<std::size_t>& rows) {
  std::string list;
  for (const std::size_t row : rows) {
    list += fmt::format("\n  {}@{}", table.models[row].model, table.models[row].input_size);
  }
  return list;
}

Error no_such_model(const ModelTable& table, const std::string& name,
                    const std::vector<bool>& eligible, const std::string& place) {
  constexpr std::size_t most_named = 8;
  std::vector<std::string> names;
  std::vector<std::string> weights;  // of an architecture that was named
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string& model = table.models[row].model;
    if (!eligible[row] || (!names.empty() && names.back() == model)) continue;
    names.push_back(model);
    if (architecture_of(model) == name && weights.size() < most_named) weights.push_back(model);
  }
  std::string message = fmt::format("there is no model '{}' {}", name, place);
  if (!weights.empty()) {
    message += fmt::format("; of that architecture there are:\n  {}", fmt::join(weights, "\n  "));
  } else if (!names.empty()) {
    message += fmt::format("; did you mean '{}'?", nearest_model(name, names));
  }
  return {ErrorCode::not_found, message};
}

}  // namespace

std::string words_of(const ModelKey& key) {
  return key.input_size == 0 ? key.model : fmt::format("{}@{}", key.model, key.input_size);
}

std::size_t required_model(const ModelTable& table, const std::string& words,
                           const std::vector<bool>& eligible, const std::string& place) {
  const auto rows = rows_named(table, words, eligible);
  if (rows.size() == 1) return rows.front();
  if (rows.size() > 1) {
    throw Error(ErrorCode::usage, fmt::format("'{}' is there at several input sizes; say which:{}",
                                              words, listed(table, rows)));
  }
  const auto key = name_and_size(words);
  if (!key) throw no_such_model(table, words, eligible, place);
  const auto sizes = rows_named(table, key->model, eligible);
  for (const std::size_t row : sizes) {
    if (table.models[row].input_size == key->input_size) return row;
  }
  if (sizes.empty()) throw no_such_model(table, key->model, eligible, place);
  throw Error(ErrorCode::not_found,
              fmt::format("there is no '{}' at input size {} {}; there are:{}", key->model,
                          key->input_size, place, listed(table, sizes)));
}

}  // namespace wattfor
