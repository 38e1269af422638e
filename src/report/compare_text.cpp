#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "document/numbers.h"
#include "document/shorten_names.h"
#include "document/text_table.h"
#include "report/compare.h"
#include "report/energy_origin.h"
#include "report/json_values.h"
#include "report/model_choice.h"

namespace wattfor {
namespace {

// One quantity of all models, beside each other.
struct Quantities {
  std::string title;
  std::vector<std::string> cells;
};

template <class List, class Text>
Quantities quantity(std::string title, const List& models, Text text) {
  Quantities row{.title = std::move(title), .cells = {}};
  for (const auto& each : models) row.cells.push_back(text(each));
  return row;
}

std::string or_unknown(const std::optional<double>& number, std::string_view unit = "") {
  return number ? si_number(*number, unit) : std::string(unknown_number);
}

std::string percent(const std::optional<double>& number) {
  return number ? fmt::format("{:.2f} %", *number) : std::string(unknown_number);
}

bool has_front(const CompareBlock& block, const ComparedFigures& figures) {
  return !block.test_sets.empty() && (figures.on_pareto_front || figures.dominated_by);
}

std::string front_text(const CompareBlock& block, const ComparedFigures& figures) {
  if (!has_front(block, figures)) return std::string(unknown_number);
  return figures.on_pareto_front ? "on it" : "beaten";
}

std::string ratio_text(const ComparedFigures& figures) {
  if (!figures.ratio) return std::string(unknown_number);
  return fmt::format("×{:.3g}", figures.ratio->factor);
}

std::string ratio_interval_text(const ComparedFigures& figures) {
  if (!figures.ratio || !figures.ratio->interval) return std::string(unknown_number);
  return fmt::format("{:.3g}…{:.3g}", figures.ratio->interval->low, figures.ratio->interval->high);
}

std::vector<Quantities> of_the_models(const CompareView& view) {
  const auto of_family = [](auto text) {
    return [text](const ComparedModel& model) {
      return model.family == nullptr ? std::string(unknown_number) : text(*model.family);
    };
  };
  std::vector<Quantities> rows{
      quantity("class", view.models,
               of_family([](const ModelFamily& f) { return std::string(name_of(f.model_class)); })),
      quantity("family", view.models,
               of_family([](const ModelFamily& f) { return std::string(f.name); })),
      quantity("year", view.models,
               of_family([](const ModelFamily& f) { return std::to_string(f.year); }))};
  for (std::size_t i = 0; i < view.test_sets.size(); ++i) {
    rows.push_back(quantity(view.test_sets[i], view.models, [i](const ComparedModel& model) {
      return percent(model.accuracy_percent[i]);
    }));
  }
  std::vector<std::string> counters;
  for (const ComparedModel& model : view.models) {
    for (const CountedBy& each : model.counts) {
      if (std::ranges::find(counters, each.counter) == counters.end()) {
        counters.push_back(each.counter);
      }
    }
  }
  for (const std::string& counter : counters) {
    const auto counted = [&](std::string_view what, auto member) {
      rows.push_back(quantity(
          fmt::format("{} ({})", what, counter), view.models, [&](const ComparedModel& model) {
            const auto found = std::ranges::find(model.counts, counter, &CountedBy::counter);
            return or_unknown(found == model.counts.end() ? std::nullopt : (*found).*member);
          }));
    };
    counted("parameters", &CountedBy::parameters);
    counted("MACs", &CountedBy::macs);
    counted("activations", &CountedBy::activations);
  }
  return rows;
}

std::vector<Quantities> of_the_setup(const CompareBlock& block) {
  const auto& models = block.models;
  return {
      quantity("J/image", models,
               [](const ComparedFigures& m) { return si_number(m.energy.energy.value(), "J"); }),
      quantity("absolute", models,
               [](const ComparedFigures& m) {
                 return relative_interval(m.energy.energy.value(), m.energy.absolute);
               }),
      quantity("compared", models,
               [](const ComparedFigures& m) {
                 return relative_interval(m.energy.energy.value(), m.energy.comparison);
               }),
      quantity("to the first", models, ratio_text),
      quantity("  95 %", models, ratio_interval_text),
      quantity("basis", models,
               [](const ComparedFigures& m) { return std::string(name_of(m.basis)); }),
      quantity("batch", models,
               [](const ComparedFigures& m) {
                 return m.batch_size ? std::to_string(*m.batch_size) : std::string(unknown_number);
               }),
      quantity("images/s", models,
               [](const ComparedFigures& m) {
                 return m.throughput_per_s ? plain_number(*m.throughput_per_s)
                                           : std::string(unknown_number);
               }),
      quantity("latency", models,
               [](const ComparedFigures& m) {
                 return m.latency_ms ? si_number(*m.latency_ms * 1e-3, "s")
                                     : std::string(unknown_number);
               }),
      quantity("Pareto front", models,
               [&](const ComparedFigures& m) { return front_text(block, m); })};
}

bool is_known_of_any(const Quantities& row) {
  return std::ranges::any_of(row.cells, [](const auto& cell) { return cell != unknown_number; });
}

// As many models beside each other as fit; the others follow below.
std::string side_by_side(const std::vector<std::string>& names, std::vector<Quantities> rows,
                         int width) {
  std::erase_if(rows, [](const Quantities& row) { return !is_known_of_any(row); });
  constexpr int name_width = 16;
  const std::vector<std::string> titles = shorten_names(names, name_width);
  const auto table_of_columns = [&](std::size_t begin, std::size_t end) {
    std::vector<TextColumn> columns{{.title = ""}};
    for (std::size_t i = begin; i < end; ++i) columns.push_back({titles[i], Align::right});
    TextTable table(columns);
    for (const Quantities& row : rows) {
      std::vector<std::string> cells{printable(row.title)};
      for (std::size_t i = begin; i < end; ++i) cells.push_back(printable(row.cells[i]));
      table.add(std::move(cells));
    }
    return table;
  };
  std::string text;
  for (std::size_t begin = 0; begin < names.size();) {
    std::size_t end = names.size();
    while (end > begin + 1 && table_of_columns(begin, end).width() > width) --end;
    text += (begin == 0 ? "" : "\n") + table_of_columns(begin, end).text();
    begin = end;
  }
  return text;
}

// What stands below a setup's table: who beats whom, and why there is no interval or no energy.
std::vector<std::string> remarks(const CompareBlock& block, const std::vector<std::string>& names) {
  std::vector<std::string> lines;
  std::vector<std::string> without_interval;
  for (std::size_t i = 0; i < block.models.size(); ++i) {
    const ComparedFigures& each = block.models[i];
    if (each.dominated_by) {
      lines.push_back(fmt::format("{} is beaten by {}", names[i], words_of(*each.dominated_by)));
    }
    if (!each.reason.empty()) {
      lines.push_back(fmt::format("{} has no energy: {}", names[i], each.reason));
    } else if (std::isnan(each.energy.energy.value())) {
      lines.push_back(fmt::format("{} was not measured on this setup", names[i]));
    } else if (!each.energy.comparison) {
      without_interval.push_back(names[i]);
    }
  }
  if (!without_interval.empty()) {
    lines.push_back(
        fmt::format("no interval of the ratio: none is known of {}; published figures carry none",
                    without_interval.size() == block.models.size()
                        ? "any of them"
                        : fmt::format("{}", fmt::join(without_interval, ", "))));
  }
  return lines;
}

}  // namespace

std::string compare_text(const CompareView& view, int width) {
  std::vector<std::string> names;
  names.reserve(view.models.size());
  for (const ComparedModel& each : view.models) {
    names.push_back(
        printable(words_of(ModelKey{.model = each.model, .input_size = each.input_size})));
  }
  std::string text = side_by_side(names, of_the_models(view), width);
  for (const CompareBlock& block : view.setups) {
    text += "\n" +
            wrapped_text(printable(block.setup.label.empty() ? block.setup.id : block.setup.label),
                         width);
    for (const std::string& caveat : caveats_of(origins_of(block.models))) {
      text += wrapped_text(caveat, width);
    }
    text += "\n" + side_by_side(names, of_the_setup(block), width);
    for (const std::string& line : remarks(block, names)) {
      text += wrapped_text(printable(line), width);
    }
    if (!block.test_sets.empty()) {
      text +=
          wrapped_text(printable(fmt::format(
                           "Pareto front of the setup by the accuracy on {}; beaten: another is "
                           "at least as accurate for no more energy",
                           fmt::join(block.test_sets, " + "))),
                       width);
    }
  }
  return text;
}

nlohmann::json to_json(const CompareView& view) {
  nlohmann::json models = nlohmann::json::array();
  for (const ComparedModel& each : view.models) {
    nlohmann::json json = family_json(each.family);
    json["model"] = each.model;
    json["input_size"] = each.input_size;
    json["accuracy_percent"] = nlohmann::json::object();
    for (std::size_t i = 0; i < view.test_sets.size(); ++i) {
      json["accuracy_percent"][view.test_sets[i]] = value_or_null(each.accuracy_percent[i]);
    }
    json["counts"] = nlohmann::json::array();
    for (const CountedBy& counted : each.counts) {
      json["counts"].push_back({{"counter", counted.counter},
                                {"parameters", value_or_null(counted.parameters)},
                                {"macs", value_or_null(counted.macs)},
                                {"activations", value_or_null(counted.activations)}});
    }
    models.push_back(std::move(json));
  }
  nlohmann::json setups = nlohmann::json::array();
  for (const CompareBlock& block : view.setups) {
    nlohmann::json figures = nlohmann::json::array();
    for (const ComparedFigures& each : block.models) {
      nlohmann::json json = to_json(static_cast<const ModelFigures&>(each));
      json["reason"] = text_or_null(each.reason);
      if (!has_front(block, each)) json["on_pareto_front"] = nullptr;
      json["ratio"] = each.ratio ? nlohmann::json(each.ratio->factor) : nullptr;
      json["ratio_interval"] = value_or_null(each.ratio ? each.ratio->interval : std::nullopt);
      json["dominated_by"] =
          each.dominated_by ? nlohmann::json(words_of(*each.dominated_by)) : nullptr;
      figures.push_back(std::move(json));
    }
    setups.push_back({{"setup", block.setup.id},
                      {"setup_label", block.setup.label},
                      {"test_sets", block.test_sets},
                      {"models", figures}});
  }
  return {{"test_sets", view.test_sets}, {"models", models}, {"setups", setups}};
}

}  // namespace wattfor
