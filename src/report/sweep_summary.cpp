#include "report/sweep_summary.h"

#include <fmt/format.h>

#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "document/numbers.h"
#include "document/shorten_names.h"
#include "document/text_table.h"
#include "report/best_batches.h"

namespace wattfor {
namespace {

std::string table_text(const std::vector<ModelFigure>& figures, int width) {
  TextTable table({{.title = "model"},
                   {.title = "batch", .align = Align::right},
                   {.title = "energy/image", .align = Align::right},
                   {.title = "compared", .align = Align::right, .worth = 4},
                   {.title = "absolute", .align = Align::right, .worth = 2},
                   {.title = "images/s", .align = Align::right, .worth = 3},
                   {.title = "basis", .align = Align::left, .worth = 1}});
  std::vector<std::string> names;
  for (const ModelFigure& figure : figures) {
    names.push_back(printable(figure.model));
    if (figure.best == nullptr) {
      table.add({"", "", std::string(unknown_number), "", "", "", ""});
      continue;
    }
    const CellResult& result = *figure.best->result;
    const EnergyFigure& energy = result.energy_per_image;
    table.add({"", std::to_string(figure.best->cell->batch_size),
               si_number(energy.energy.value(), "J"),
               relative_interval(energy.energy.value(), energy.comparison),
               relative_interval(energy.energy.value(), energy.absolute),
               plain_number(result.throughput_per_s),
               std::string(name_of(figure.best->energy.total.basis))});
  }
  // Columns give way to names of this length; longer ones are cut.
  constexpr int readable = 28;
  table.fit(width - readable + display_width("model"));
  const int left = width - table.width() + display_width("model");
  table.replace_column(0, shorten_names(names, left));
  return table.text();
}

bool ran_out_of_memory(const Measurement& record) {
  const auto failure = record.settings.find(failure_setting);
  return failure != record.settings.end() && failure->second == "out_of_memory";
}

}  // namespace

std::string sweep_summary(std::span<const Measurement> cells, int width) {
  std::set<std::string> setups;
  for (const Measurement& record : cells) {
    if (record.cell) setups.insert(record.cell->setup.id);
  }
  std::string text;
  for (const std::string& setup : setups) {
    const std::vector<ModelFigure> figures = best_batches(cells, setup);
    if (figures.empty()) continue;
    text += wrapped_text(
        printable(setup) + ": each model at the batch size with the least energy per image", width);
    text += '\n';
    text += table_text(figures, width);
  }
  for (const Measurement& record : cells) {
    if (!record.cell || record.outcome != Outcome::failed) continue;
    text += wrapped_text(
        printable(fmt::format("{}: {} at batch size {}: {}",
                              ran_out_of_memory(record) ? "out of memory" : "failed",
                              record.cell->model.name, record.cell->batch_size, record.reason)),
        width);
  }
  return text;
}

}  // namespace wattfor
