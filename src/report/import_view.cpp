#include "report/import_view.h"

#include <fmt/format.h>

#include <algorithm>

#include "document/text_table.h"

namespace wattfor {
namespace {

constexpr std::size_t most_left_out_named = 20;

std::string line_of(const ReadTable& table) {
  std::string line =
      fmt::format("{}: {} of {} rows give {}", table.file, table.used, table.rows, table.of);
  if (table.empty > 0) line += fmt::format("; {} are empty", table.empty);
  const int unusable = table.rows - table.used - table.empty;
  if (unusable > 0) line += fmt::format("; {} can't be used", unusable);
  return line;
}

}  // namespace

std::string import_text(const ImportView& view, int width) {
  std::string text;
  const auto add = [&](const std::string& line) { text += wrapped_text(printable(line), width); };
  for (const ReadTable& table : view.tables) add(line_of(table));
  if (!view.left_out.empty()) {
    add(fmt::format("Left out ({}):", view.left_out.size()));
    for (std::size_t i = 0; i < std::min(view.left_out.size(), most_left_out_named); ++i) {
      const LeftOut& each = view.left_out[i];
      add(fmt::format("- {}:{}: {}: {}", each.file, each.line, each.what, each.reason));
    }
    if (view.left_out.size() > most_left_out_named) {
      add(fmt::format("- and {} more; --json names them all",
                      view.left_out.size() - most_left_out_named));
    }
  }
  add(fmt::format("new: {} energies, {} accuracies, {} model statistics, into {}",
                  view.added.figures, view.added.accuracies, view.added.statistics, view.store));
  return text;
}

nlohmann::json to_json(const ImportView& view) {
  nlohmann::json tables = nlohmann::json::array();
  for (const ReadTable& table : view.tables) {
    tables.push_back({{"file", table.file},
                      {"of", table.of},
                      {"rows", table.rows},
                      {"used", table.used},
                      {"empty", table.empty}});
  }
  nlohmann::json left_out = nlohmann::json::array();
  for (const LeftOut& each : view.left_out) {
    left_out.push_back(
        {{"file", each.file}, {"line", each.line}, {"what", each.what}, {"reason", each.reason}});
  }
  return {{"tables", tables},
          {"left_out", left_out},
          {"added",
           {{"energies", view.added.figures},
            {"accuracies", view.added.accuracies},
            {"model_statistics", view.added.statistics}}},
          {"store", view.store}};
}

}  // namespace wattfor
