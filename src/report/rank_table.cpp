#include "report/rank_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "document/numbers.h"
#include "document/text_table.h"
#include "report/energy_origin.h"
#include "report/fitted_table.h"
#include "report/plot.h"

namespace wattfor {
namespace {

bool has_several_sizes(const std::vector<RankRow>& rows) {
  std::map<std::string, std::set<int>> sizes;
  for (const RankRow& row : rows) sizes[row.model].insert(row.input_size);
  return std::ranges::any_of(sizes, [](const auto& each) { return each.second.size() > 1; });
}

bool has_several_bases(const std::vector<RankRow>& rows) {
  return std::ranges::any_of(rows,
                             [&](const RankRow& row) { return row.basis != rows.front().basis; });
}

struct RankColumn {
  TextColumn column;
  std::function<std::string(const RankRow&)> cell;
};

// The models' names stand in the column of this place.
constexpr std::size_t model_place = 2;

std::vector<RankColumn> columns_for(const RankView& view) {
  const std::vector<RankRow>& rows = view.rows;
  std::vector<RankColumn> columns;
  const auto add = [&](TextColumn column, std::function<std::string(const RankRow&)> cell) {
    columns.push_back({std::move(column), std::move(cell)});
  };
  add({.title = ""}, [](const RankRow& row) { return row.on_pareto_front ? "●" : ""; });
  add({.title = "rank", .align = Align::right},
      [](const RankRow& row) { return std::to_string(row.rank); });
  add({.title = "model"}, [](const RankRow& row) { return row.model; });
  if (has_several_sizes(rows)) {
    add({.title = "input", .align = Align::right}, [](const RankRow& row) {
      return row.input_size == 0 ? "" : std::to_string(row.input_size);
    });
  }
  add({.title = "accuracy", .align = Align::right},
      [](const RankRow& row) { return fmt::format("{:.2f} %", row.accuracy_percent); });
  add({.title = "J/image", .align = Align::right},
      [](const RankRow& row) { return si_number(row.energy.energy.value(), "J"); });
  add({.title = "compared", .align = Align::right, .worth = 5}, [](const RankRow& row) {
    return relative_interval(row.energy.energy.value(), row.energy.comparison);
  });
  add({.title = "absolute", .align = Align::right, .worth = 4}, [](const RankRow& row) {
    return relative_interval(row.energy.energy.value(), row.energy.absolute);
  });
  if (has_several_bases(rows)) {
    add({.title = "basis"}, [](const RankRow& row) { return std::string(name_of(row.basis)); });
  }
  add({.title = "batch", .align = Align::right, .worth = 3}, [](const RankRow& row) {
    return row.batch_size ? std::to_string(*row.batch_size) : std::string(unknown_number);
  });
  add({.title = "images/s", .align = Align::right, .worth = 2}, [](const RankRow& row) {
    return row.throughput_per_s ? plain_number(*row.throughput_per_s) : std::string(unknown_number);
  });
  add({.title = "latency", .align = Align::right, .worth = 1}, [](const RankRow& row) {
    return row.latency_ms ? si_number(*row.latency_ms * 1e-3, "s") : std::string(unknown_number);
  });
  if (view.score == Score::sam) {
    add({.title = "kWh to train", .align = Align::right}, [](const RankRow& row) {
      return row.training ? plain_number(in_kilowatt_hours(*row.training))
                          : std::string(unknown_number);
    });
  }
  add({.title = "score", .align = Align::right}, [score = view.score](const RankRow& row) {
    return score == Score::efficiency ? plain_number(row.score) : fmt::format("{:.2f}", row.score);
  });
  return columns;
}

std::string table_text(const RankView& view, int width) {
  const std::vector<RankColumn> columns = columns_for(view);
  std::vector<TextColumn> titles;
  titles.reserve(columns.size());
  for (const RankColumn& column : columns) titles.push_back(column.column);
  std::vector<std::vector<std::string>> rows;
  for (const RankRow& row : view.rows) {
    std::vector<std::string>& cells = rows.emplace_back();
    for (const RankColumn& column : columns) cells.push_back(column.cell(row));
  }
  return fitted_table(titles, rows, model_place, width);
}

std::string score_text(const RankView& view) {
  if (view.score == Score::efficiency) return "efficiency, percent of accuracy a joule";
  if (view.score == Score::sam)
    return "SAM, 5·a^5 / log10(kWh to train), a the accuracy as a share";
  return fmt::format("weighted {}Manhattan score, weight {:g} on energy",
                     view.score == Score::log_manhattan ? "log-" : "", view.weight);
}

std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

// What a person reads line by line.
class Prose {
 public:
  explicit Prose(int width) : width_(width) {}

  void line(std::string_view text) { text_ += wrapped_text(printable(text), width_); }

  // The models that could not be ranked; thousands of them would bury the table.
  void unranked(const std::vector<UnrankedModel>& models, std::string_view what) {
    constexpr std::size_t most_named = 20;
    if (models.empty()) return;
    line(fmt::format("{} {}:", counted(models.size(), "model"), what));
    for (std::size_t i = 0; i < std::min(models.size(), most_named); ++i) {
      const UnrankedModel& each = models[i];
      const auto size = each.input_size == 0 ? "" : fmt::format(" ({})", each.input_size);
      line(fmt::format("- {}{}: {}", each.model, size, each.reason));
    }
    if (models.size() > most_named) {
      line(fmt::format("- and {} more; --json names them all", models.size() - most_named));
    }
  }

  const std::string& text() const { return text_; }

 private:
  int width_;
  std::string text_;
};

std::string heading(const RankView& view, int width) {
  Prose prose(width);
  for (const std::string& caveat : caveats_of(origins_of(view.rows))) prose.line(caveat);
  prose.line(view.setup.label.empty() ? view.setup.id : view.setup.label);
  prose.line(fmt::format("{} by {}; accuracy on {}", counted(view.rows.size(), "model"),
                         score_text(view), fmt::join(view.test_sets, " + ")));
  return prose.text();
}

std::string legend(int width) {
  Prose prose(width);
  prose.line("● Pareto front: no other model is as accurate for less, or more so for as much");
  prose.line("compared: 95 % interval of the energy between these models; absolute: in itself");
  return prose.text();
}

std::string plot(const std::vector<RankRow>& rows, int width) {
  std::vector<PlotPoint> points;
  points.reserve(rows.size());
  for (const RankRow& row : rows) {
    points.push_back({.energy_j = row.energy.energy.value(),
                      .accuracy_percent = row.accuracy_percent,
                      .on_pareto_front = row.on_pareto_front});
  }
  return scatter_plot(points, width);
}

std::string what_is_not_shown(const RankView& view, int width) {
  Prose prose(width);
  if (view.beyond_top > 0) {
    prose.line(fmt::format("{} more below the last one shown",
                           counted(static_cast<std::size_t>(view.beyond_top), "model")));
  }
  if (view.filtered_out > 0) {
    prose.line(fmt::format("{} beyond --min-accuracy or --max-energy-j",
                           counted(static_cast<std::size_t>(view.filtered_out), "model")));
  }
  prose.unranked(view.without_accuracy,
                 "without accuracy (`wattfor import accuracy FILE.csv` brings it in)");
  prose.unranked(view.without_energy, "without energy");
  prose.unranked(view.without_training,
                 "without SAM (`wattfor import training FILE.csv` brings training in)");
  for (const std::string& each : view.warnings) prose.line("warning: " + each);
  return prose.text();
}

}  // namespace

std::string rank_table(const RankView& view, int width) {
  std::string text = heading(view, width);
  const auto append = [&](const std::string& part) {
    if (!part.empty()) text += "\n" + part;
  };
  if (!view.rows.empty()) {
    append(table_text(view, width));
    append(legend(width));
    append(plot(view.rows, width));
  }
  append(what_is_not_shown(view, width));
  return text;
}

}  // namespace wattfor
