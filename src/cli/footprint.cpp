#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <string>

#include "analysis/training_findings.h"
#include "base/error.h"
#include "base/file.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "document/figure_picture.h"
#include "measurement/json.h"
#include "report/electricity_settings.h"
#include "report/emissions_csv.h"
#include "report/footprint_statement.h"
#include "report/footprint_view.h"
#include "report/model_card.h"
#include "report/phase_shares_view.h"
#include "report/run_choice.h"
#include "store/store.h"

namespace wattfor::cli {
namespace {

std::string emissions_text(const FootprintView& view) {
  std::string text = emissions_header() + "\n";
  for (const std::string& row : emissions_rows(view)) text += row + "\n";
  return text;
}

// The runs, and the shares of the phases where a run has several.
std::string tables_text(const FootprintView& view, std::string (*write)(const ResultTable&)) {
  std::string text = write(footprint_table(view, FootprintColumns::known));
  const auto has_phases = [&view](const PhaseShares& each) {
    return stated_electricity(view.models[each.run]).phases > 1;
  };
  if (std::ranges::any_of(view.shares, has_phases)) {
    text += "\n" + write(phase_shares_table(view.models, view.shares));
  }
  return text;
}

std::string answer(const FootprintView& view, const FootprintOptions& options) {
  if (options.json) return dump(to_json(view), 2) + "\n";
  if (options.format == "markdown") return tables_text(view, table_markdown);
  if (options.format == "latex") return tables_text(view, table_latex);
  if (options.format == "csv") return table_csv(footprint_table(view, FootprintColumns::all));
  if (options.format == "emissions-csv") return emissions_text(view);
  if (options.format == "huggingface") return model_card_metadata(view);
  if (options.format == "statement") return footprint_statement(view);
  return footprint_text(view, terminal_width(stdout));
}

void draw(const FootprintView& view, const std::string& file) {
  if (view.shares.empty()) {
    throw Error(ErrorCode::invalid_input,
                "there are no shares to draw: of none of these runs an energy is known");
  }
  write_file(file, figure_svg(phase_shares_figure(view.models, view.shares)));
}

}  // namespace

int run_verb(const FootprintOptions& options) {
  const Electricity electricity = electricity_of(options.electricity, configured_settings());
  const Store store(store_path(options.db), StoreAccess::read);
  for (const auto& file : {options.output, options.svg}) {
    if (file) refuse_as_output(*file, store.path());
  }
  const auto records = with_jobs(store.measurements(), options.runs);
  const FootprintView view = footprint_view(records, {.runs = options.runs,
                                                      .built_on = options.built_on,
                                                      .uses = options.uses,
                                                      .electricity = electricity,
                                                      .equivalents = options.equivalents});
  if (!options.output) {
    fmt::print("{}", answer(view, options));
  } else if (options.format == "emissions-csv" && !options.json) {
    append_emissions(*options.output, view);
  } else {
    write_file(*options.output, answer(view, options));
  }
  if (options.svg) draw(view, *options.svg);
  return 0;
}

}  // namespace wattfor::cli
