#include "report/batch_section.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <utility>

#include "measurement/json.h"
#include "report/json_values.h"
#include "report/model_choice.h"
#include "report/result_columns.h"

namespace wattfor {
namespace {

// More lines than this can't be told apart.
constexpr std::size_t most_curves_drawn = 12;

using CurveList = std::vector<const BatchCurve*>;

ResultCell size_cell(int size) { return static_cast<double>(size); }

std::optional<double> low_of(const std::optional<Interval>& interval) {
  return interval ? std::optional(interval->low) : std::nullopt;
}

std::optional<double> high_of(const std::optional<Interval>& interval) {
  return interval ? std::optional(interval->high) : std::nullopt;
}

constexpr std::string_view modelled_words =
    " Modelled energy: no sensor was read; it follows computing time.";

ResultTable best_batches_table(const Analysis& analysis) {
  ResultTable table{
      .id = "best_batch_sizes",
      .title = "The batch size of the least energy",
      .caption =
          "Of the models measured here at two batch sizes or more; the factor is what an image "
          "takes at the smallest batch size, over the best one, with its 95 % interval.",
      .columns = {word_column("model", "model"), count_column("best_batch_size", "best batch"),
                  number_column("energy_j", "energy", "J/image"),
                  count_column("smallest_batch_size", "smallest"),
                  number_column("factor", "takes", "×"), number_column("factor_low", "from", "×"),
                  number_column("factor_high", "to", "×"),
                  count_column("batch_sizes", "batch sizes"), word_column("basis", "basis"),
                  word_column("setup", "setup")}};
  const auto is_modelled = [](const BatchCurve& curve) {
    return curve.points[curve.best].basis == Basis::modelled;
  };
  if (std::ranges::any_of(analysis.batch_curves, is_modelled)) table.caption += modelled_words;
  for (const BatchCurve& curve : analysis.batch_curves) {
    const BatchPoint& best = curve.points[curve.best];
    const EnergyRatio& factor = curve.smallest_over_best;
    table.rows.push_back({cell(words_of(curve.model)), size_cell(best.batch_size),
                          best.energy_per_image.energy.value(),
                          size_cell(curve.points.front().batch_size), factor.factor,
                          cell(low_of(factor.interval)), cell(high_of(factor.interval)),
                          cell(curve.points.size()), cell(name_of(best.basis)), cell(curve.setup)});
  }
  return table;
}

ResultTable batch_points_table(const Analysis& analysis) {
  ResultTable table{
      .id = "batch_curves",
      .title = "Energy of an image over the batch size",
      .caption =
          "The 95 % interval is for comparison with others of the same sensors. Latency of a whole "
          "batch; power: throughput · energy. At the limit, where the device's is known: what an "
          "image would take if it drew that much all the while.",
      .columns = {word_column("model", "model"), count_column("batch_size", "batch"),
                  number_column("energy_j", "energy", "J/image"),
                  number_column("energy_low_j", "from", "J/image"),
                  number_column("energy_high_j", "to", "J/image"),
                  number_column("throughput_per_s", "throughput", "images/s"),
                  number_column("latency_ms", "latency", "ms"),
                  number_column("mean_power_w", "power", "W"),
                  number_column("limit_energy_j", "at the limit", "J/image"),
                  word_column("basis", "basis"), word_column("setup", "setup")}};
  for (const BatchCurve& curve : analysis.batch_curves) {
    for (const BatchPoint& point : curve.points) {
      const auto& interval = point.energy_per_image.comparison;
      const auto at_limit =
          point.energy_at_limit ? std::optional(point.energy_at_limit->value()) : std::nullopt;
      table.rows.push_back({cell(words_of(curve.model)), size_cell(point.batch_size),
                            point.energy_per_image.energy.value(), cell(low_of(interval)),
                            cell(high_of(interval)), point.throughput_per_s, point.latency_ms,
                            point.mean_power.value(), cell(at_limit), cell(name_of(point.basis)),
                            cell(curve.setup)});
    }
  }
  return table;
}

// The curves to draw of a setup, by their models' names.
CurveList drawn_of(const CurveList& curves) {
  if (curves.size() <= most_curves_drawn) return curves;
  CurveList by_span = curves;
  std::ranges::stable_sort(by_span, std::greater<>(),
                           [](const BatchCurve* curve) { return energy_span(*curve); });
  by_span.resize(most_curves_drawn);
  std::ranges::sort(by_span, {}, [](const BatchCurve* curve) { return curve->model; });
  return by_span;
}

void add_curve(Figure& figure, const BatchCurve& curve, std::size_t style) {
  FigurePoints points{.name = words_of(curve.model), .points = {}, .style = style};
  FigureLine measured{.name = "", .places = {}, .style = style};
  FigureLine at_limit{.name = "", .places = {}, .style = style};
  at_limit.dash = LineDash::dotted;
  for (const BatchPoint& point : curve.points) {
    const double size = point.batch_size;
    const double energy_j = point.energy_per_image.energy.value();
    points.points.push_back({.x = size,
                             .y = energy_j,
                             .label = fmt::format("{}, batch {}", points.name, point.batch_size),
                             .y_interval = point.energy_per_image.comparison});
    measured.places.push_back({.x = size, .y = energy_j});
    if (point.energy_at_limit) {
      at_limit.places.push_back({.x = size, .y = point.energy_at_limit->value()});
    }
  }
  figure.points.push_back(std::move(points));
  figure.lines.push_back(std::move(measured));
  if (!at_limit.places.empty()) figure.lines.push_back(std::move(at_limit));
}

bool reaches_zero(const BatchPoint& point) {
  const auto& interval = point.energy_per_image.comparison;
  return interval && interval->low <= 0.0;
}

std::string caption_of(const CurveList& curves, const CurveList& drawn) {
  const auto is_any_point = [&](auto holds) {
    return std::ranges::any_of(
        drawn, [&](const BatchCurve* curve) { return std::ranges::any_of(curve->points, holds); });
  };
  std::string caption = "Each batch size with its 95 % interval for comparison.";
  if (is_any_point([](const BatchPoint& point) { return point.basis == Basis::modelled; })) {
    caption += modelled_words;
  }
  if (is_any_point(reaches_zero)) caption += " None is drawn where it reaches down to zero.";
  if (drawn.size() < curves.size()) {
    caption += fmt::format(" Of {} models the {} whose energies differ most over the batch sizes.",
                           curves.size(), drawn.size());
  }
  if (is_any_point([](const BatchPoint& point) { return point.energy_at_limit.has_value(); })) {
    caption += " Dotted: what an image would take at the device's power limit.";
  }
  return caption;
}

Figure batch_figure(const CurveList& curves) {
  const std::string& setup = curves.front()->setup;
  const CurveList drawn = drawn_of(curves);
  Figure figure{.id = result_id("batch_curves " + setup),
                .title = fmt::format("Energy of an image over the batch size on {}", setup),
                .caption = caption_of(curves, drawn),
                .x = {.label = "batch size", .scale = AxisScale::log10},
                .y = {.label = "energy of an image",
                      .unit = "J",
                      .scale = AxisScale::log10,
                      .numbers = TickNumbers::si}};
  for (std::size_t i = 0; i < drawn.size(); ++i) add_curve(figure, *drawn[i], i);
  return figure;
}

nlohmann::json batch_point_json(const BatchPoint& point) {
  nlohmann::json json = to_json(point.energy_per_image);
  json["batch_size"] = point.batch_size;
  json["basis"] = std::string(name_of(point.basis));
  json["throughput_per_s"] = point.throughput_per_s;
  json["latency_ms"] = point.latency_ms;
  json["mean_power_w"] = point.mean_power.value();
  json["limit_energy_j"] = value_or_null(point.energy_at_limit);
  return json;
}

}  // namespace

ReportSection batch_section(const Analysis& analysis) {
  ReportSection section{.heading = "Batch sizes"};
  std::vector<CurveList> by_setup;
  for (const BatchCurve& curve : analysis.batch_curves) {
    if (by_setup.empty() || by_setup.back().front()->setup != curve.setup) by_setup.emplace_back();
    by_setup.back().push_back(&curve);
  }
  for (const CurveList& curves : by_setup) section.figures.push_back(batch_figure(curves));
  for (ResultTable& table :
       std::vector{best_batches_table(analysis), batch_points_table(analysis)}) {
    if (!table.rows.empty()) section.tables.push_back(std::move(table));
  }
  return section;
}

nlohmann::json batch_curves_json(const Analysis& analysis) {
  nlohmann::json json = nlohmann::json::array();
  for (const BatchCurve& curve : analysis.batch_curves) {
    nlohmann::json points = nlohmann::json::array();
    for (const BatchPoint& point : curve.points) points.push_back(batch_point_json(point));
    json.push_back(
        {{"setup", curve.setup},
         {"model", curve.model.model},
         {"input_size", curve.model.input_size},
         {"points", std::move(points)},
         {"best_batch_size", curve.points[curve.best].batch_size},
         {"smallest_batch_factor", curve.smallest_over_best.factor},
         {"smallest_batch_factor_interval", value_or_null(curve.smallest_over_best.interval)}});
  }
  return json;
}

}  // namespace wattfor
