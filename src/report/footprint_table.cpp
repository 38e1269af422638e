#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "report/footprint_view.h"
#include "report/result_columns.h"

namespace wattfor {
namespace {

Amount in_kilowatt_hours(const EnergyFigure& energy) {
  Amount kwh{.value = in_kilowatt_hours(energy.energy)};
  if (energy.absolute) {
    kwh.interval = Interval{.low = in_kilowatt_hours(Joules(energy.absolute->low)),
                            .high = in_kilowatt_hours(Joules(energy.absolute->high))};
  }
  return kwh;
}

class FootprintTable {
 public:
  FootprintTable(const FootprintView& view, FootprintColumns columns)
      : all_(columns == FootprintColumns::all),
        has_carbon_(all_ || view.electricity.terms.g_per_kwh),
        has_cost_(all_ || view.electricity.terms.kwh_price),
        table_{.id = "footprint",
               .title = "Electricity of " + subjects_of(view),
               .caption = "From and to: 95 % intervals. The total is without the tests.",
               .columns = {word_column("run", "run"), word_column("phase", "phase"),
                           number_column("counted_percent", "counted", "%"),
                           word_column("basis", "basis")}} {
    for (const std::string& each : terms_lines(view)) table_.caption += " " + each + ".";
    add_columns("energy", "energy", "_kwh", "kWh");
    if (has_carbon_) add_columns("carbon", "CO2e", "_g", "g");
    if (has_cost_) add_columns("cost", "cost", "", view.electricity.currency);
    if (!all_) return;
    table_.columns.push_back(word_column("run_id", "id"));
    table_.columns.push_back(word_column("started_at", "begin"));
  }

  void add(const FootprintRow& row) {
    const Measurement& run = *row.run;
    constexpr double whole_percent = 100.0;
    add({cell(run.name), cell(name_of(row.phase)), whole_percent * row.share},
        run.energy.total.basis, row.footprint);
    if (all_) append({cell(run.id), cell(run.started_at)});
  }

  void add_total(const FootprintView& view) {
    add({cell("total"), cell(""), ResultCell()}, view.basis, view.total);
    if (all_) append({ResultCell(), ResultCell()});
  }

  ResultTable table() && { return std::move(table_); }

 private:
  void add_columns(const std::string& key, const std::string& heading, const std::string& key_unit,
                   const std::string& unit) {
    table_.columns.push_back(number_column(key + key_unit, heading, unit));
    table_.columns.push_back(number_column(key + "_low" + key_unit, "from", unit));
    table_.columns.push_back(number_column(key + "_high" + key_unit, "to", unit));
  }

  void add(std::vector<ResultCell> cells, Basis basis, const std::optional<Footprint>& footprint) {
    table_.rows.push_back(std::move(cells));
    append({cell(name_of(basis))});
    append(footprint ? std::optional(in_kilowatt_hours(footprint->energy)) : std::nullopt);
    if (has_carbon_) append(footprint ? footprint->carbon_g : std::nullopt);
    if (has_cost_) append(footprint ? footprint->cost : std::nullopt);
  }

  void append(const std::optional<Amount>& amount) {
    const auto end = [&amount](double Interval::* side) {
      return amount && amount->interval ? ResultCell((*amount->interval).*side) : ResultCell();
    };
    append({amount ? ResultCell(amount->value) : ResultCell(), end(&Interval::low),
            end(&Interval::high)});
  }

  void append(std::vector<ResultCell> cells) {
    auto& row = table_.rows.back();
    row.insert(row.end(), cells.begin(), cells.end());
  }

  bool all_;
  bool has_carbon_;
  bool has_cost_;
  ResultTable table_;
};

}  // namespace

ResultTable footprint_table(const FootprintView& view, FootprintColumns columns) {
  FootprintTable table(view, columns);
  for (const FootprintRow& row : view.making) table.add(row);
  if (!view.making.empty()) table.add_total(view);
  for (const FootprintRow& row : view.tests) table.add(row);
  return std::move(table).table();
}

}  // namespace wattfor
