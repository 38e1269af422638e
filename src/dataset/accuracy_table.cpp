#include "dataset/accuracy_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <tuple>
#include <utility>

#include "base/error.h"
#include "dataset/table_file.h"

namespace wattfor {
namespace {

// A table in the wrong format is wrong in every line; the first ones tell.
constexpr std::size_t most_faults_named = 10;

constexpr std::array<std::string_view, 5> accuracy_columns{"model", "input_size", "test_set",
                                                           "top1_percent", "top5_percent"};

void refuse_if_any(const std::vector<LeftOut>& faults, const std::string& file) {
  if (faults.empty()) return;
  std::string named;
  for (std::size_t i = 0; i < std::min(faults.size(), most_faults_named); ++i) {
    named += fmt::format("\n  {}:{}: {}", file, faults[i].line, faults[i].reason);
  }
  if (faults.size() > most_faults_named) {
    named += fmt::format("\n  and {} more", faults.size() - most_faults_named);
  }
  throw Error(ErrorCode::invalid_input, fmt::format("{}: nothing was imported:{}", file, named));
}

}  // namespace

ImportedTables read_accuracy_table(const std::string& file) {
  enum Column : std::size_t { model, input_size, test_set, top1_percent, top5_percent };
  ImportedTables data;
  TableFile table_file(file, Terms{}, data);
  FirstLines<std::tuple<std::string, int, std::string>> first_lines;
  table_file.each(accuracy_columns, accuracy_columns.size(), "accuracies", [&](DataTable& table) {
    Accuracy accuracy;
    accuracy.model = table.name(model);
    accuracy.input_size = table.pixels(input_size);
    accuracy.test_set = table.name(test_set);
    accuracy.top1_percent = table.percent(top1_percent);
    accuracy.top5_percent = table.percent(top5_percent);
    const std::string what = fmt::format("'{}' at input size {} on '{}'", accuracy.model,
                                         accuracy.input_size, accuracy.test_set);
    if (!table.is_usable()) {
      table.leave_out(what);
      return RowUse::left_out;
    }
    const auto earlier =
        first_lines.earlier({accuracy.model, accuracy.input_size, accuracy.test_set}, table.line());
    if (earlier) {
      table.leave_out(what, fmt::format("{} stands in line {} already", what, *earlier));
      return RowUse::left_out;
    }
    table_file.table().accuracies.push_back(std::move(accuracy));
    return RowUse::used;
  });
  refuse_if_any(data.left_out, file);
  return data;
}

}  // namespace wattfor
