#include "report/analysis_tables.h"

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <utility>

#include "report/result_columns.h"

namespace wattfor {
namespace {

const ModelKey& model_of(const Analysis& analysis, std::size_t row) {
  return analysis.table.models[row];
}

std::string_view words_of(FitLoss loss) {
  switch (loss) {
    case FitLoss::soft_l1:
      return "soft L1, 1 %";
    case FitLoss::cauchy:
      return "Cauchy, 1 %";
    case FitLoss::squared:
      break;
  }
  return "squared";
}

std::optional<double> slope_of(const std::optional<LineFit>& fit) {
  return fit ? std::optional(fit->slope) : std::nullopt;
}

std::optional<double> intercept_of(const std::optional<LineFit>& fit) {
  return fit ? std::optional(fit->intercept) : std::nullopt;
}

}  // namespace

ResultTable setups_table(const Analysis& analysis) {
  ResultTable table{
      .id = "setups",
      .title = "Setups",
      .caption =
          "Models with both an energy and an accuracy, of these on the Pareto "
          "front; least and greatest energy.",
      .columns = {word_column("setup", "setup"), word_column("label", "what it is"),
                  word_column("test_sets", "accuracy on"), count_column("models", "models"),
                  count_column("front_models", "on the front"),
                  number_column("least_energy_j", "least", "J/image"),
                  number_column("greatest_energy_j", "greatest", "J/image")}};
  for (const SetupFindings& setup : analysis.inference.setups) {
    std::optional<double> least;
    std::optional<double> greatest;
    for (const AccuracyAndEnergy& point : setup.models.points) {
      const double energy_j = point.energy.value();
      least = std::min(least.value_or(energy_j), energy_j);
      greatest = std::max(greatest.value_or(energy_j), energy_j);
    }
    table.rows.push_back({cell(setup.columns->setup.id), cell(setup.columns->setup.label),
                          cell(fmt::format("{}", fmt::join(setup.test_sets, ", "))),
                          cell(setup.models.rows.size()), cell(setup.front.rows.size()),
                          cell(least), cell(greatest)});
  }
  return table;
}

ResultTable correlations_table(const Analysis& analysis) {
  ResultTable table{
      .id = "correlations",
      .title = "Energies of the same models on two setups",
      .caption = "Over the models that both setups have, and (joint) over those that all have.",
      .columns = {word_column("a", "setup"), word_column("b", "against"),
                  word_column("models_of", "models of"), count_column("models", "models"),
                  fixed_column("pearson", "Pearson", "", 4),
                  fixed_column("spearman", "Spearman", "", 4)}};
  for (const SetupCorrelation& each : analysis.inference.correlations) {
    table.rows.push_back({cell(each.a), cell(each.b), cell(each.is_joint ? "all" : "both"),
                          cell(each.models), cell(each.pearson), cell(each.spearman)});
  }
  return table;
}

ResultTable reductions_table(const Analysis& analysis) {
  ResultTable table{
      .id = "reductions",
      .title = "What energy falls by from one runtime of a device to another",
      .caption =
          "Factors E_from / E_to. Exponents: of the factor over the energy before (above 0: models "
          "that take much gain more), and over the gain in throughput (1: the power stays the "
          "same).",
      .columns = {word_column("from", "from"), word_column("to", "to"),
                  count_column("models", "models"),
                  fixed_column("geometric_mean", "geometric mean", "", 3),
                  fixed_column("geometric_sd", "geometric SD", "", 3),
                  number_column("least", "least"), number_column("greatest", "greatest"),
                  fixed_column("exponent_energy", "by energy", "", 3),
                  fixed_column("exponent_throughput_gain", "by throughput", "", 3),
                  fixed_column("throughput_gain_pearson", "Pearson", "", 3)}};
  for (const SetupReduction& each : analysis.inference.reductions) {
    table.rows.push_back({cell(each.from), cell(each.to), cell(each.factor.count),
                          each.factor.geometric_mean, each.factor.geometric_deviation,
                          each.factor.least, each.factor.greatest, cell(slope_of(each.by_energy)),
                          cell(slope_of(each.by_throughput_gain)),
                          cell(each.throughput_gain_pearson)});
  }
  return table;
}

ResultTable front_table(const Analysis& analysis, const SetupFindings& setup) {
  const std::string& id = setup.columns->setup.id;
  ResultTable table{.id = result_id("front " + id),
                    .title = fmt::format("Pareto front of {}", id),
                    .caption = "No other model is at least as accurate for at most as much energy.",
                    .columns = {word_column("model", "model"), count_column("input_size", "input"),
                                number_column("energy_j", "energy", "J/image"),
                                fixed_column("accuracy_percent", "accuracy", "%", 2)}};
  for (std::size_t i = 0; i < setup.front.rows.size(); ++i) {
    const ModelKey& model = model_of(analysis, setup.front.rows[i]);
    const AccuracyAndEnergy& point = setup.front.points[i];
    table.rows.push_back({cell(model.model), static_cast<double>(model.input_size),
                          point.energy.value(), point.accuracy_percent});
  }
  return table;
}

ResultTable curves_table(const Analysis& analysis) {
  ResultTable table{
      .id = "diminishing_returns",
      .title = "What an accuracy of 100 % would take, by A = a·ln(ln E + b) + c",
      .caption =
          "Decimal logarithms of joules an image, with the 95 % interval by bootstrap. It hangs on "
          "the loss and on how many of the front's lowest models are dropped: the data do not "
          "tell it.",
      .columns = {word_column("setup", "setup"), count_column("models", "models"),
                  count_column("lowest_dropped", "dropped"), word_column("loss", "loss"),
                  number_column("a", "a"), number_column("b", "b"), number_column("c", "c"),
                  fixed_column("log10_energy_j_at_100_percent", "lg E at 100 %", "", 2),
                  fixed_column("low", "from", "", 2), fixed_column("high", "to", "", 2)}};
  for (const SetupFindings& setup : analysis.inference.setups) {
    for (const FrontCurve& curve : setup.curves) {
      const auto& interval = curve.log10_energy_j_at_100_percent;
      table.rows.push_back({cell(setup.columns->setup.id), cell(curve.models),
                            cell(curve.lowest_dropped), cell(words_of(curve.loss.loss)),
                            curve.fit.a, curve.fit.b, curve.fit.c,
                            cell(curve.fit.log10_energy_j_at_100_percent),
                            cell(interval ? interval->low : std::nullopt),
                            cell(interval ? interval->high : std::nullopt)});
    }
  }
  return table;
}

ResultTable classes_table(const Analysis& analysis) {
  ResultTable table{
      .id = "classes",
      .title = "Centres of the classes",
      .caption = "Geometric mean of the energies, mean of the accuracies.",
      .columns = {word_column("setup", "setup"), word_column("class", "class"),
                  count_column("models", "models"), number_column("energy_j", "energy", "J/image"),
                  fixed_column("accuracy_percent", "accuracy", "%", 2)}};
  for (const SetupFindings& setup : analysis.inference.setups) {
    for (const ClassCentre& centre : setup.classes) {
      table.rows.push_back({cell(setup.columns->setup.id), cell(name_of(centre.model_class)),
                            cell(centre.models), centre.energy_j, centre.accuracy_percent});
    }
  }
  return table;
}

ResultTable years_table(const Analysis& analysis) {
  ResultTable table{
      .id = "years",
      .title = "How each year's models moved the hull",
      .caption =
          "Rise of the upper-left hull over the year before, in points of accuracy, on average "
          "over "
          "each third of its energies (by their logarithm); and the factor by which the least "
          "energy for the same accuracies changed.",
      .columns = {word_column("setup", "setup"), count_column("year", "year"),
                  count_column("new_models", "new models"),
                  fixed_column("rise_percent_low_energy", "low energy", "points", 2),
                  fixed_column("rise_percent_middle_energy", "middle", "points", 2),
                  fixed_column("rise_percent_high_energy", "high energy", "points", 2),
                  fixed_column("energy_factor", "energy", "×", 3)}};
  for (const SetupFindings& setup : analysis.inference.setups) {
    for (const YearlyHull& hull : setup.years) {
      table.rows.push_back({cell(setup.columns->setup.id), static_cast<double>(hull.year),
                            cell(hull.new_models), cell(hull.rise_percent[0]),
                            cell(hull.rise_percent[1]), cell(hull.rise_percent[2]),
                            cell(hull.energy_factor)});
    }
  }
  return table;
}

ResultTable drivers_table(const Analysis& analysis) {
  ResultTable table{
      .id = "drivers",
      .title = "What energy goes with",
      .caption =
          "Correlations with the energy per image. Sound: without the models whose count can't be "
          "right. Programs count differently, so each stands by itself.",
      .columns = {word_column("setup", "setup"), word_column("quantity", "quantity"),
                  word_column("source", "counted by"), count_column("models", "models"),
                  count_column("left_out", "unknown"), fixed_column("pearson", "Pearson", "", 3),
                  fixed_column("spearman", "Spearman", "", 3), count_column("flawed", "flawed"),
                  fixed_column("sound_pearson", "Pearson, sound", "", 3),
                  fixed_column("sound_spearman", "Spearman, sound", "", 3)}};
  for (const Driver& each : analysis.inference.drivers) {
    table.rows.push_back({cell(each.setup), cell(each.quantity), cell(each.source),
                          cell(each.models), cell(each.left_out), cell(each.pearson),
                          cell(each.spearman), cell(each.flawed), cell(each.sound_pearson),
                          cell(each.sound_spearman)});
  }
  return table;
}

ResultTable flawed_counts_table(const Analysis& analysis) {
  ResultTable table{
      .id = "flawed_counts",
      .title = "Counts that can't be right",
      .caption =
          "Fewer than 5 multiply-accumulates a parameter, or less than a fifth of what another "
          "program counts, in this one's manner.",
      .columns = {word_column("model", "model"), count_column("input_size", "input"),
                  word_column("source", "counted by"), word_column("quantity", "quantity"),
                  number_column("value", "counted"), number_column("expected", "expected"),
                  word_column("other_source", "as counted by")}};
  for (const CheckedCounter& counter : analysis.inference.counters) {
    for (const FlawedCount& each : counter.flawed) {
      const ModelKey& model = model_of(analysis, each.row);
      table.rows.push_back({cell(model.model), static_cast<double>(model.input_size),
                            cell(counter.columns.counter), cell(name_of(each.quantity)), each.value,
                            cell(each.expected), cell(each.other_counter)});
    }
  }
  return table;
}

ResultTable naive_errors_table(const Analysis& analysis) {
  ResultTable table{
      .id = "naive_estimate",
      .title = "How many times too small an estimate from MACs and TDP is",
      .caption =
          "Published: MACs / peak rate of the plain units · power limit. Physical: 2 · MACs / peak "
          "of the units that the precision runs on. Models with flawed counts are left out.",
      .columns = {word_column("setup", "setup"), word_column("form", "form"),
                  word_column("source", "counted by"), count_column("models", "models"),
                  count_column("left_out", "left out"),
                  fixed_column("geometric_mean", "geometric mean", "", 2),
                  fixed_column("geometric_sd", "geometric SD", "", 2),
                  number_column("median", "median"), number_column("quantile_97_5", "97.5 %"),
                  number_column("greatest", "greatest"), word_column("worst", "of")}};
  for (const NaiveError& each : analysis.inference.naive_errors) {
    const Distribution& of = each.underestimate;
    table.rows.push_back({cell(each.setup), cell(name_of(each.form)), cell(each.counter),
                          cell(of.count), cell(each.left_out), of.geometric_mean,
                          of.geometric_deviation, of.median, of.high, of.greatest,
                          cell(model_of(analysis, each.worst_row).model)});
  }
  return table;
}

ResultTable input_area_table(const Analysis& analysis) {
  ResultTable table{
      .id = "input_size",
      .title = "What a larger image costs a model, and gives it",
      .caption =
          "Weights that stand at several input sizes, against their smallest. Exponent of energy "
          "over the image's area, median and 95 % of the weights; lines through the increases in "
          "percent, of energy and of accuracy over that of the area.",
      .columns = {word_column("setup", "setup"), count_column("models", "weights"),
                  fixed_column("exponent_median", "exponent", "", 3),
                  fixed_column("exponent_quantile_2_5", "from", "", 3),
                  fixed_column("exponent_quantile_97_5", "to", "", 3),
                  fixed_column("energy_slope", "energy per area", "%/%", 3),
                  fixed_column("energy_intercept", "plus", "%", 2),
                  fixed_column("accuracy_slope", "accuracy per area", "%/%", 4),
                  fixed_column("accuracy_intercept", "plus", "%", 2)}};
  for (const InputAreaEffect& each : analysis.inference.input_area_effects) {
    table.rows.push_back(
        {cell(each.setup), cell(each.weights), each.exponent_median, each.exponent_low,
         each.exponent_high, cell(slope_of(each.energy_percent)),
         cell(intercept_of(each.energy_percent)), cell(slope_of(each.accuracy_percent)),
         cell(intercept_of(each.accuracy_percent))});
  }
  return table;
}

ResultTable power_table(const Analysis& analysis) {
  ResultTable table{
      .id = "power",
      .title = "Power that the models drew",
      .caption = "Throughput · energy per image, against the device's limit.",
      .columns = {word_column("setup", "setup"), count_column("models", "models"),
                  number_column("limit_w", "limit", "W"), fixed_column("median", "median", "W", 1),
                  fixed_column("quantile_2_5", "2.5 %", "W", 1),
                  fixed_column("quantile_97_5", "97.5 %", "W", 1),
                  fixed_column("greatest", "greatest", "W", 1),
                  count_column("above_limit", "above it")}};
  for (const PowerDraw& each : analysis.inference.power_draws) {
    const ResultCell above = each.limit_w ? cell(each.above_limit) : ResultCell();
    table.rows.push_back({cell(each.setup), cell(each.watts.count), cell(each.limit_w),
                          each.watts.median, each.watts.low, each.watts.high, each.watts.greatest,
                          above});
  }
  return table;
}

}  // namespace wattfor
