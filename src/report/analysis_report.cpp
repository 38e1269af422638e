#include "report/analysis_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <utility>

#include "report/analysis_figures.h"
#include "report/analysis_tables.h"
#include "report/batch_section.h"
#include "report/scores_section.h"
#include "report/training_section.h"

namespace wattfor {
namespace {

void append(std::vector<Figure>& figures, std::vector<Figure> more) {
  figures.insert(figures.end(), std::make_move_iterator(more.begin()),
                 std::make_move_iterator(more.end()));
}

void append(std::vector<ResultTable>& tables, ResultTable table) {
  if (!table.rows.empty()) tables.push_back(std::move(table));
}

ReportSection energy_section(const Analysis& analysis) {
  ReportSection section{.heading = "Energy and accuracy"};
  append(section.tables, setups_table(analysis));
  append(section.tables, classes_table(analysis));
  for (const SetupFindings& setup : analysis.inference.setups) {
    if (setup.models.rows.empty()) continue;
    section.figures.push_back(energy_accuracy_figure(analysis, setup));
    append(section.tables, front_table(analysis, setup));
  }
  for (const SetupFindings& setup : analysis.inference.setups) {
    if (setup.without_accuracy.empty()) continue;
    section.notes.push_back(fmt::format("left out of {}: {} models without a known accuracy",
                                        setup.columns->setup.id, setup.without_accuracy.size()));
  }
  return section;
}

ReportSection returns_section(const Analysis& analysis) {
  ReportSection section{.heading = "Diminishing returns"};
  section.paragraphs = {
      "The Pareto front rises ever more slowly with energy: A = a·ln(ln E + b) + c follows it. "
      "What "
      "the curve says of 100 % is an extrapolation over many orders of magnitude; the choice of "
      "the "
      "loss and of the models that it is fitted to decides it."};
  append(section.tables, curves_table(analysis));
  return section;
}

ReportSection years_section(const Analysis& analysis) {
  ReportSection section{.heading = "Progress over the years"};
  for (const SetupFindings& setup : analysis.inference.setups) {
    if (setup.years.size() > 1) section.figures.push_back(years_figure(setup));
  }
  append(section.tables, years_table(analysis));
  return section;
}

ReportSection setups_section(const Analysis& analysis) {
  ReportSection section{.heading = "One setup against another"};
  section.figures = setup_pair_figures(analysis);
  append(section.figures, reduction_figures(analysis));
  append(section.tables, correlations_table(analysis));
  append(section.tables, reductions_table(analysis));
  return section;
}

ReportSection drivers_section(const Analysis& analysis) {
  ReportSection section{.heading = "What drives energy"};
  for (const SetupFindings& setup : analysis.inference.setups) {
    append(section.figures, driver_figures(analysis, setup));
  }
  for (const InputAreaEffect& effect : analysis.inference.input_area_effects) {
    section.figures.push_back(input_area_figure(analysis, effect));
  }
  append(section.tables, drivers_table(analysis));
  append(section.tables, input_area_table(analysis));
  append(section.tables, flawed_counts_table(analysis));
  return section;
}

ReportSection estimates_section(const Analysis& analysis) {
  ReportSection section{.heading = "Power, and energy estimated from MACs"};
  section.figures = power_figures(analysis);
  append(section.figures, naive_error_figures(analysis));
  append(section.tables, power_table(analysis));
  append(section.tables, naive_errors_table(analysis));
  return section;
}

// An id of its own for each figure and table: the names of two setups may be cut to one, or differ
// in signs that ids have none of.
void tell_apart(std::string& id, std::set<std::string>& taken) {
  const auto without_case = [](std::string word) {
    std::ranges::transform(word, word.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return word;
  };
  constexpr std::size_t longest_stem = 90;
  const std::string stem = id.substr(0, longest_stem);
  for (int number = 2; !taken.insert(without_case(id)).second; ++number) {
    id = fmt::format("{}_{}", stem, number);
  }
}

void tell_apart(Report& report) {
  std::set<std::string> taken;
  for (ReportSection& section : report.sections) {
    for (Figure& figure : section.figures) tell_apart(figure.id, taken);
    for (ResultTable& table : section.tables) tell_apart(table.id, taken);
  }
}

bool is_empty(const ReportSection& section) {
  return section.figures.empty() && section.tables.empty() && section.notes.empty();
}

}  // namespace

Report report_of(const Analysis& analysis, const std::vector<Source>& sources) {
  Report report{.title = "What accuracy costs in energy",
                .introduction = {"Energies are joules an image, of each model at its best batch "
                                 "size; accuracies are in percent."}};
  report.sections = {
      energy_section(analysis),    scores_section(analysis), returns_section(analysis),
      years_section(analysis),     setups_section(analysis), drivers_section(analysis),
      estimates_section(analysis), batch_section(analysis),  training_section(analysis)};
  std::erase_if(report.sections, is_empty);
  tell_apart(report);
  for (const Source& source : sources) {
    report.sources.push_back({.name = source.origin.empty() ? source.file : source.origin,
                              .file = source.file,
                              .sha256 = source.sha256,
                              .licence = source.licence,
                              .origin = source.origin});
  }
  return report;
}

}  // namespace wattfor
