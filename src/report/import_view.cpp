#include "report/import_view.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "document/text_table.h"
#include "report/json_values.h"

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

struct RecordKind {
  const char* name;
  const char* key;
  int RecordCounts::* count;
};
constexpr std::array record_kinds{
    RecordKind{"measurements", "measurements", &RecordCounts::measurements},
    RecordKind{"energies", "energies", &RecordCounts::figures},
    RecordKind{"accuracies", "accuracies", &RecordCounts::accuracies},
    RecordKind{"model statistics", "model_statistics", &RecordCounts::statistics},
    RecordKind{"training runs", "training_runs", &RecordCounts::training_runs},
};

// Those that the import read any of.
std::string new_of(const RecordCounts& added, const RecordCounts& read) {
  std::vector<std::string> parts;
  for (const RecordKind& kind : record_kinds) {
    if (read.*kind.count == 0) continue;
    parts.push_back(fmt::format("{} of {} {}", added.*kind.count, read.*kind.count, kind.name));
  }
  return parts.empty() ? "nothing" : fmt::format("{}", fmt::join(parts, ", "));
}

nlohmann::json counts_json(const RecordCounts& counts) {
  nlohmann::json json = nlohmann::json::object();
  for (const RecordKind& kind : record_kinds) json[kind.key] = counts.*kind.count;
  return json;
}

// A file that can't be used as a whole has no line.
std::string place_of(const LeftOut& each) {
  return each.line > 0 ? fmt::format("{}:{}", each.file, each.line) : each.file;
}

}  // namespace

std::string left_out_text(const std::vector<LeftOut>& left_out, int width) {
  std::string text;
  const auto add = [&](const std::string& line) { text += wrapped_text(printable(line), width); };
  if (left_out.empty()) return text;
  add(fmt::format("Left out ({}):", left_out.size()));
  for (std::size_t i = 0; i < std::min(left_out.size(), most_left_out_named); ++i) {
    const LeftOut& each = left_out[i];
    const std::string place = each.file.empty() ? "" : place_of(each) + ": ";
    add(fmt::format("- {}{}: {}", place, each.what, each.reason));
  }
  if (left_out.size() > most_left_out_named) {
    add(fmt::format("- and {} more; --json names them all", left_out.size() - most_left_out_named));
  }
  return text;
}

nlohmann::json left_out_json(const std::vector<LeftOut>& left_out) {
  nlohmann::json list = nlohmann::json::array();
  for (const LeftOut& each : left_out) {
    list.push_back({{"file", text_or_null(each.file)},
                    {"line", each.line > 0 ? nlohmann::json(each.line) : nlohmann::json()},
                    {"what", each.what},
                    {"reason", each.reason}});
  }
  return list;
}

std::string import_text(const ImportView& view, int width) {
  std::string text;
  const auto add = [&](const std::string& line) { text += wrapped_text(printable(line), width); };
  for (const ReadTable& table : view.tables) add(line_of(table));
  text += left_out_text(view.left_out, width);
  add(fmt::format("new: {}, into {}", new_of(view.added, view.read), view.store));
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
  return {{"tables", tables},
          {"left_out", left_out_json(view.left_out)},
          {"read", counts_json(view.read)},
          {"added", counts_json(view.added)},
          {"store", view.store}};
}

}  // namespace wattfor
