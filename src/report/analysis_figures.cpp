#include "report/analysis_figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>

#include "analysis/known_devices.h"
#include "analysis/known_pairs.h"

namespace wattfor {
namespace {

FigureAxis energy_axis(std::string label = "energy of an image") {
  return {.label = std::move(label),
          .unit = "J",
          .scale = AxisScale::log10,
          .numbers = TickNumbers::si};
}

FigureAxis accuracy_axis(const SetupFindings& setup) {
  return {.label = fmt::format("accuracy on {}", fmt::join(setup.test_sets, ", ")), .unit = "%"};
}

FigureAxis axis_of(std::string label, std::string unit = "", AxisScale scale = AxisScale::linear) {
  return {.label = std::move(label), .unit = std::move(unit), .scale = scale};
}

std::string label_of(const Analysis& analysis, std::size_t row) {
  const ModelKey& model = analysis.table.models[row];
  return fmt::format("{} at {}", model.model, model.input_size);
}

// Places in the palette: a class has the same colour in every figure.
FigureStyle style_of(ModelClass model_class) { return static_cast<std::size_t>(model_class); }
constexpr std::size_t front_style = 4;
constexpr std::size_t curve_style = 5;

// Points of models, each in the series of its class; those of unknown families in one of their own.
std::vector<FigurePoints> by_class(const Analysis& analysis, const std::vector<std::size_t>& rows,
                                   const std::vector<FigurePlace>& places) {
  std::vector<FigurePoints> series;
  series.reserve(enumerators<ModelClass>.size() + 1);
  for (const ModelClass model_class : enumerators<ModelClass>) {
    series.push_back(
        {.name = std::string(name_of(model_class)), .points = {}, .style = style_of(model_class)});
  }
  series.push_back({.name = "unknown family", .points = {}, .style = 6});
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const ModelFamily* family = analysis.inference.families[rows[i]];
    const std::size_t place =
        family == nullptr ? series.size() - 1 : static_cast<std::size_t>(family->model_class);
    series[place].points.push_back(
        {.x = places[i].x, .y = places[i].y, .label = label_of(analysis, rows[i])});
  }
  std::erase_if(series, [](const FigurePoints& each) { return each.points.empty(); });
  return series;
}

std::vector<FigurePlace> places_of(std::span<const AccuracyAndEnergy> points) {
  std::vector<FigurePlace> places;
  places.reserve(points.size());
  for (const AccuracyAndEnergy& point : points) {
    places.push_back({.x = point.energy.value(), .y = point.accuracy_percent});
  }
  return places;
}

std::vector<FigurePlace> places_of(std::span<const double> x, std::span<const double> y) {
  std::vector<FigurePlace> places;
  places.reserve(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) places.push_back({.x = x[i], .y = y[i]});
  return places;
}

// The curve over the energies of the front that it was fitted to.
FigureLine curve_line(const FrontCurve& curve, const JudgedModels& front) {
  constexpr int steps = 100;
  const std::size_t dropped = curve.lowest_dropped;
  FigureLine line{.name = dropped == 0 ? std::string("a·ln(ln E + b) + c")
                                       : fmt::format("without the {} lowest of the front", dropped),
                  .places = {},
                  .style = curve_style + (dropped == 0 ? 0 : 2)};
  line.dash = dropped == 0 ? LineDash::dashed : LineDash::dotted;
  const double from = std::log(front.points[dropped].energy.value());
  const double to = std::log(front.points.back().energy.value());
  for (int i = 0; i <= steps; ++i) {
    const double energy_j = std::exp(std::lerp(from, to, static_cast<double>(i) / steps));
    const auto accuracy = accuracy_percent_at(curve.fit, Joules(energy_j));
    if (accuracy) line.places.push_back({.x = energy_j, .y = *accuracy});
  }
  return line;
}

const SetupColumns& columns_of(const Analysis& analysis, const std::string& id) {
  return *analysis.table.setup(id);
}

// "Pearson 0.855, Spearman 0.935".
std::string correlations_of(const std::optional<double>& pearson,
                            const std::optional<double>& spearman) {
  const auto number = [](const std::optional<double>& value) {
    return value ? fmt::format("{:.3f}", *value) : std::string("undefined");
  };
  return fmt::format("Pearson {}, Spearman {}", number(pearson), number(spearman));
}

}  // namespace

Figure energy_accuracy_figure(const Analysis& analysis, const SetupFindings& setup) {
  const std::string& id = setup.columns->setup.id;
  Figure figure{.id = result_id("energy_accuracy " + id),
                .title = fmt::format("Energy and accuracy on {}", id),
                .caption = fmt::format("{} models at their best batch sizes, {} of them on the "
                                       "Pareto front; large marks are the classes' centres. {} "
                                       "without a known accuracy are left out.",
                                       setup.models.rows.size(), setup.front.rows.size(),
                                       setup.without_accuracy.size()),
                .x = energy_axis(),
                .y = accuracy_axis(setup)};
  figure.points = by_class(analysis, setup.models.rows, places_of(setup.models.points));
  for (const ClassCentre& centre : setup.classes) {
    figure.points.push_back(
        {.name = "",
         .points = {{.x = centre.energy_j,
                     .y = centre.accuracy_percent,
                     .label = fmt::format("centre of {}", name_of(centre.model_class))}},
         .style = style_of(centre.model_class),
         .role = PointRole::marked});
  }
  figure.lines.push_back({.name = "Pareto front",
                          .places = places_of(setup.front.points),
                          .style = front_style,
                          .shape = LineShape::steps});
  for (const FrontCurve& curve : setup.curves) {
    if (curve.loss.loss != FitLoss::squared) continue;
    figure.lines.push_back(curve_line(curve, setup.front));
  }
  return figure;
}

Figure years_figure(const SetupFindings& setup) {
  const std::string& id = setup.columns->setup.id;
  Figure figure{.id = result_id("years " + id),
                .title = fmt::format("The hull of each year on {}", id),
                .caption =
                    "Upper-left hull of all models whose architecture had been published by "
                    "the end of the year. Years that moved nothing are left out.",
                .x = energy_axis(),
                .y = accuracy_axis(setup)};
  figure.colours = FigureColours::ordered;
  const std::vector<std::size_t>* before = nullptr;
  for (const YearlyHull& hull : setup.years) {
    const bool has_moved = before == nullptr || hull.corners.rows != *before;
    before = &hull.corners.rows;
    if (!has_moved) continue;
    figure.lines.push_back(
        {.name = std::to_string(hull.year), .places = places_of(hull.corners.points)});
  }
  return figure;
}

std::vector<Figure> setup_pair_figures(const Analysis& analysis) {
  std::vector<Figure> figures;
  for (const SetupCorrelation& each : analysis.inference.correlations) {
    const SetupColumns& a = columns_of(analysis, each.a);
    const SetupColumns& b = columns_of(analysis, each.b);
    const bool are_related = (!a.setup.device.empty() && a.setup.device == b.setup.device) ||
                             (!a.setup.runtime.empty() && a.setup.runtime == b.setup.runtime);
    if (each.is_joint || each.models == 0 || !are_related) continue;
    const KnownPairs pairs = known_pairs(a.energy_j, b.energy_j);
    Figure figure{.id = result_id(fmt::format("setups {} {}", each.a, each.b)),
                  .title = fmt::format("The same models on {} and {}", each.a, each.b),
                  .caption = fmt::format("{} models. {}.", each.models,
                                         correlations_of(each.pearson, each.spearman)),
                  .x = energy_axis(fmt::format("energy of an image on {}", each.a)),
                  .y = energy_axis(fmt::format("on {}", each.b))};
    figure.points = by_class(analysis, pairs.rows, places_of(pairs.x, pairs.y));
    figure.references.push_back(
        {.name = "the same on both", .kind = ReferenceLine::Kind::ratio, .value = 1.0});
    figures.push_back(std::move(figure));
  }
  return figures;
}

std::vector<Figure> reduction_figures(const Analysis& analysis) {
  std::vector<Figure> figures;
  for (const SetupReduction& each : analysis.inference.reductions) {
    const KnownPairs pairs = known_pairs(columns_of(analysis, each.from).energy_j,
                                         columns_of(analysis, each.to).energy_j);
    std::vector<FigurePlace> places;
    places.reserve(pairs.rows.size());
    for (std::size_t i = 0; i < pairs.rows.size(); ++i) {
      places.push_back({.x = pairs.x[i], .y = pairs.x[i] / pairs.y[i]});
    }
    Figure figure{
        .id = result_id(fmt::format("reduction {} {}", each.from, each.to)),
        .title = fmt::format("What energy falls by from {} to {}", each.from, each.to),
        .caption = fmt::format("{} models; geometric mean {:.3f}, geometric standard deviation "
                               "{:.3f}.",
                               each.factor.count, each.factor.geometric_mean,
                               each.factor.geometric_deviation),
        .x = energy_axis(fmt::format("energy of an image on {}", each.from)),
        .y = axis_of("reduction factor", "", AxisScale::log10)};
    figure.points = by_class(analysis, pairs.rows, places);
    figure.references.push_back({.name = "geometric mean",
                                 .kind = ReferenceLine::Kind::at_y,
                                 .value = each.factor.geometric_mean});
    figures.push_back(std::move(figure));
  }
  return figures;
}

std::vector<Figure> driver_figures(const Analysis& analysis, const SetupFindings& setup) {
  const std::string& id = setup.columns->setup.id;
  // Of each quantity, the counter whose sound counts go with energy best.
  std::map<std::string, const Driver*> best;
  for (const Driver& each : analysis.inference.drivers) {
    if (each.setup != id || !each.sound_spearman) continue;
    const Driver*& chosen = best[each.quantity];
    if (chosen == nullptr || *each.sound_spearman > *chosen->sound_spearman) chosen = &each;
  }
  std::vector<Figure> figures;
  for (const Counted quantity : enumerators<Counted>) {
    const auto found = best.find(std::string(name_of(quantity)));
    if (found == best.end()) continue;
    const Driver& driver = *found->second;
    const auto counter =
        std::ranges::find(analysis.inference.counters, driver.source,
                          [](const CheckedCounter& each) { return each.columns.counter; });
    const KnownPairs pairs =
        known_pairs(column_of(counter->columns, quantity), setup.columns->energy_j,
                    [&](std::size_t row) { return counter->is_flawed(quantity, row); });
    Figure figure{.id = result_id(fmt::format("driver {} {}", driver.quantity, id)),
                  .title = fmt::format("Energy and {} on {}", driver.quantity, id),
                  .caption = fmt::format(
                      "{} models, as {} counts. {}. {} whose count can't be right are left "
                      "out.",
                      pairs.rows.size(), driver.source,
                      correlations_of(driver.sound_pearson, driver.sound_spearman), driver.flawed),
                  .x = axis_of(driver.quantity, "", AxisScale::log10),
                  .y = energy_axis()};
    figure.points = by_class(analysis, pairs.rows, places_of(pairs.x, pairs.y));
    figures.push_back(std::move(figure));
  }
  return figures;
}

std::vector<Figure> naive_error_figures(const Analysis& analysis) {
  std::vector<Figure> figures;
  for (const NaiveForm form : enumerators<NaiveForm>) {
    Figure figure{
        .id = result_id(fmt::format("naive_estimate {}", name_of(form))),
        .title = fmt::format("How many times too small the {} estimate is", name_of(form)),
        .caption =
            "Share of the models whose estimate from MACs and the power limit is too small "
            "by at most so much.",
        .x = axis_of("measured / estimated", "", AxisScale::log10),
        .y = axis_of("share of the models", "%")};
    for (const NaiveError& each : analysis.inference.naive_errors) {
      if (each.form != form) continue;
      FigureLine line{.name = fmt::format("{}, {}", each.setup, each.counter), .places = {}};
      line.shape = LineShape::steps;
      for (std::size_t i = 0; i < each.ascending.size(); ++i) {
        const double share =
            100.0 * static_cast<double>(i + 1) / static_cast<double>(each.ascending.size());
        line.places.push_back({.x = each.ascending[i], .y = share});
      }
      figure.lines.push_back(std::move(line));
    }
    figure.references.push_back({.name = "right", .kind = ReferenceLine::Kind::at_x, .value = 1.0});
    if (!figure.lines.empty()) figures.push_back(std::move(figure));
  }
  return figures;
}

Figure input_area_figure(const Analysis& analysis, const InputAreaEffect& effect) {
  Figure figure{.id = result_id("input_size " + effect.setup),
                .title = fmt::format("A larger image on {}", effect.setup),
                .caption = fmt::format("{} weights that stand at several input sizes, each against "
                                       "its smallest.",
                                       effect.weights),
                .x = axis_of("increase of the image's area", "%"),
                .y = axis_of("increase", "%")};
  FigurePoints energy{.name = "energy", .points = {}};
  FigurePoints accuracy{.name = "accuracy", .points = {}};
  for (const SizeStep& step : effect.steps) {
    const std::string label = label_of(analysis, step.row);
    energy.points.push_back({.x = step.area_percent, .y = step.energy_percent, .label = label});
    if (std::isnan(step.accuracy_percent)) continue;
    accuracy.points.push_back({.x = step.area_percent, .y = step.accuracy_percent, .label = label});
  }
  figure.points = {std::move(energy), std::move(accuracy)};
  return figure;
}

std::vector<Figure> power_figures(const Analysis& analysis) {
  std::map<std::string, Figure> of_device;
  for (const SetupFindings& setup : analysis.inference.setups) {
    const SetupColumns& columns = *setup.columns;
    const KnownPairs pairs =
        known_pairs(columns.energy_j, columns.throughput_per_s,
                    [&](std::size_t row) { return columns.basis[row] != Basis::measured; });
    if (pairs.rows.empty()) continue;
    const std::string& device = columns.setup.device;
    auto [found, is_new] = of_device.try_emplace(device);
    Figure& figure = found->second;
    if (is_new) {
      figure = {.id = result_id("power " + (device.empty() ? columns.setup.id : device)),
                .title = fmt::format("Throughput and energy on {}", device),
                .caption = "Each model at its best batch size; their product is the power drawn.",
                .x = energy_axis(),
                .y = axis_of("throughput", "images/s", AxisScale::log10)};
      if (const KnownDevice* known = known_device(device)) {
        figure.references.push_back({.name = fmt::format("limit of {:g} W", known->limit.value()),
                                     .kind = ReferenceLine::Kind::product,
                                     .value = known->limit.value()});
      }
    }
    FigurePoints points{.name = columns.setup.id, .points = {}};
    for (std::size_t i = 0; i < pairs.rows.size(); ++i) {
      points.points.push_back(
          {.x = pairs.x[i], .y = pairs.y[i], .label = label_of(analysis, pairs.rows[i])});
    }
    figure.points.push_back(std::move(points));
  }
  std::vector<Figure> figures;
  figures.reserve(of_device.size());
  for (auto& [device, figure] : of_device) figures.push_back(std::move(figure));
  return figures;
}

}  // namespace wattfor
