#include <fmt/format.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "document/numbers.h"
#include "document/text_table.h"
#include "report/equivalents_view.h"
#include "report/fitted_table.h"
#include "report/footprint_view.h"

namespace wattfor {
namespace {

std::string date_of(const Measurement& run) {
  constexpr std::size_t day = std::string_view("2026-01-01").size();
  return run.started_at.substr(0, day);
}

// "whole", "1/10", "35 %"
std::string counted_text(double share) {
  if (share == 1.0) return "whole";
  const double uses = 1.0 / share;
  constexpr double rounding = 1e-9;
  if (std::abs(uses - std::round(uses)) < rounding * uses) return fmt::format("1/{:.0f}", uses);
  return plain_share(share);
}

class RowsText {
 public:
  explicit RowsText(const FootprintView& view) : view_(view) {
    if (view.electricity.terms.g_per_kwh) columns_.push_back({"CO2e", Align::right});
    if (view.electricity.terms.kwh_price) columns_.push_back({"cost", Align::right});
    columns_.push_back({.title = "basis", .align = Align::left, .worth = 3});
  }

  void add(const FootprintRow& row) {
    add(row.run->name, std::string(name_of(row.phase)), date_of(*row.run), counted_text(row.share),
        row.footprint, row.run->energy.total.basis);
  }

  void add(std::string name, std::string phase, std::string date, std::string counted,
           const std::optional<Footprint>& footprint, Basis basis) {
    const std::string none(unknown_number);
    std::vector<std::string> cells{std::move(name), std::move(phase), std::move(date),
                                   std::move(counted)};
    cells.push_back(footprint ? electricity_text(footprint->energy.energy) : none);
    cells.push_back(
        footprint ? relative_interval(footprint->energy.energy.value(), footprint->energy.absolute)
                  : none);
    if (view_.electricity.terms.g_per_kwh) {
      cells.push_back(footprint ? carbon_text(footprint->carbon_g->value) : none);
    }
    if (view_.electricity.terms.kwh_price) {
      cells.push_back(footprint ? money_text(footprint->cost->value, view_.electricity.currency)
                                : none);
    }
    cells.emplace_back(name_of(basis));
    rows_.push_back(std::move(cells));
  }

  std::string text(int width) const { return fitted_table(columns_, rows_, 0, width); }

 private:
  const FootprintView& view_;
  std::vector<TextColumn> columns_{{.title = "run"},
                                   {.title = "phase", .align = Align::left, .worth = 4},
                                   {.title = "date", .align = Align::left, .worth = 1},
                                   {.title = "counted", .align = Align::right, .worth = 5},
                                   {.title = "energy", .align = Align::right},
                                   {.title = "95 %", .align = Align::right, .worth = 6}};
  std::vector<std::vector<std::string>> rows_;
};

std::string rows_text(const FootprintView& view, int width) {
  std::string text;
  if (!view.making.empty()) {
    RowsText rows(view);
    for (const FootprintRow& row : view.making) rows.add(row);
    if (view.making.size() > 1) rows.add("total", "", "", "", view.total, view.basis);
    text = rows.text(width) + '\n';
  }
  if (view.tests.empty()) return text;
  RowsText tests(view);
  for (const FootprintRow& row : view.tests) tests.add(row);
  return text + "Tests, in no total:\n" + tests.text(width) + '\n';
}

std::string shares_text(const FootprintView& view, const PhaseShares& shares) {
  constexpr double whole_percent = 100.0;
  std::string text;
  for (const auto& [name, share] : {std::pair("pre-training", shares.pretrain_percent),
                                    std::pair("training", shares.train_percent),
                                    std::pair("fine-tuning", shares.finetune_percent),
                                    std::pair("tests", shares.test_percent)}) {
    if (!share) continue;
    text +=
        fmt::format("{}{} {}", text.empty() ? "" : ", ", name, plain_share(*share / whole_percent));
  }
  return fmt::format("{}: {}", view.models[shares.run].model, text);
}

}  // namespace

std::vector<std::string> terms_lines(const FootprintView& view) {
  std::vector<std::string> lines;
  const Electricity& electricity = view.electricity;
  if (electricity.is_pue_said) {
    lines.push_back(fmt::format("Energy and power hold the data centre's share: PUE {}",
                                electricity.terms.pue));
  }
  if (electricity.terms.g_per_kwh) {
    lines.push_back(fmt::format(
        "CO2e: {} g a kWh ({}); how wrong that is is not known: intervals are the energy's alone",
        *electricity.terms.g_per_kwh, intensity_origin(electricity)));
  }
  return lines;
}

std::string footprint_text(const FootprintView& view, int width) {
  std::string text;
  const auto line = [&](const std::string& words) {
    text += wrapped_text(printable(words), width);
  };
  if (view.total) {
    const bool is_built = view.making.size() > 1;
    std::string head =
        fmt::format("{}: {}", subjects_of(view), electricity_text(view.total->energy.energy));
    if (view.total->carbon_g) {
      head += fmt::format(", {} of CO2 equivalent", carbon_text(view.total->carbon_g->value));
    }
    if (view.total->cost) {
      head += ", " + money_text(view.total->cost->value, view.electricity.currency);
    }
    line(is_built ? head + " in all" : head);
    text += '\n';
  }
  text += rows_text(view, width);
  for (const PhaseShares& each : view.shares) {
    const TrainingRun& model = view.models[each.run];
    if (stated_electricity(model).phases > 1) line(shares_text(view, each));
  }
  if (view.shows_equivalents && view.total) {
    line("That is as much as:");
    for (const std::string& each : equivalent_lines(view.total->energy.energy)) line(each);
  }
  for (const std::string& each : terms_lines(view)) line(each);
  if (!view.electricity.terms.g_per_kwh) line(how_to_say_a_region());
  for (const std::string& each : view.warnings) line("warning: " + each);
  return text;
}

}  // namespace wattfor
