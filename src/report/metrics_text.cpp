#include "report/metrics_text.h"

#include <fmt/format.h>

#include <cmath>
#include <initializer_list>
#include <string_view>
#include <utility>

namespace wattfor {
namespace {

struct Label {
  std::string_view name;
  std::string_view value;
};

// A backslash, a quote and the end of a line stand behind a backslash in a label's value.
void append_escaped(std::string& text, std::string_view value) {
  for (const char byte : value) {
    if (byte == '\\' || byte == '"') text += '\\';
    if (byte == '\n') {
      text += "\\n";
    } else {
      text += byte;
    }
  }
}

// One metric: what it is, then a line for each of its label sets.
class Metric {
 public:
  Metric(std::string_view name, std::string_view type, std::string_view help)
      : name_(name), head_(fmt::format("# HELP {0} {2}\n# TYPE {0} {1}\n", name, type, help)) {}

  void add(std::initializer_list<Label> labels, double value) {
    if (!std::isfinite(value)) return;
    lines_ += name_;
    char before = '{';
    for (const Label& label : labels) {
      lines_ += fmt::format("{}{}=\"", before, label.name);
      append_escaped(lines_, label.value);
      lines_ += '"';
      before = ',';
    }
    if (labels.size() > 0) lines_ += '}';
    lines_ += fmt::format(" {}\n", value);
  }
  // Nothing where nothing is known.
  std::string text() const { return lines_.empty() ? "" : head_ + lines_; }

 private:
  std::string name_;
  std::string head_;
  std::string lines_;
};

std::string power_text(const TopView& view) {
  Metric power("wattfor_power_watts", "gauge", "Power of a component over the latest second.");
  Metric energy("wattfor_energy_joules_total", "counter",
                "Energy of a component since the server began to look.");
  const auto add = [&](std::string_view component, std::string_view in_total,
                       const LiveFigure& figure) {
    if (figure.power) {
      power.add(
          {{"component", component}, {"in_total", in_total}, {"basis", name_of(figure.basis)}},
          figure.power->value());
    }
    if (figure.energy) {
      energy.add({{"component", component},
                  {"in_total", in_total},
                  {"basis", name_of(figure.energy_basis)}},
                 figure.energy->energy.value());
    }
  };
  for (const TopComponent& each : view.components) {
    add(each.name, each.in_total ? "true" : "false", each.figure);
  }
  return power.text() + energy.text();
}

std::string running_text(std::span<const Measurement> running) {
  Metric elapsed("wattfor_running_measurement_seconds", "gauge",
                 "For how long a measurement into the store has been going on.");
  Metric energy("wattfor_running_measurement_joules", "gauge", "What it has taken up to now.");
  for (const Measurement& record : running) {
    const std::string batch = record.cell ? std::to_string(record.cell->batch_size) : "";
    const std::initializer_list<Label> labels{
        {"id", record.id},
        {"name", record.name},
        {"setup", record.cell ? std::string_view(record.cell->setup.id) : std::string_view()},
        {"model", record.cell ? std::string_view(record.cell->model.name) : std::string_view()},
        {"batch_size", batch}};
    elapsed.add(labels, record.energy.duration.count());
    if (const auto& gross = record.energy.total.gross) energy.add(labels, gross->energy.value());
  }
  return elapsed.text() + energy.text();
}

}  // namespace

std::string metrics_text(const std::optional<TopView>& live, std::span<const Measurement> running,
                         const ModelTable& models) {
  Metric build("wattfor_build_info", "gauge", "The program's version; always 1.");
  build.add({{"version", WATTFOR_VERSION}}, 1.0);
  Metric count("wattfor_running_measurements", "gauge",
               "Measurements into the store that are going on.");
  count.add({}, static_cast<double>(running.size()));
  Metric known("wattfor_setup_models", "gauge",
               "Models whose energy on a setup is known: what a sweep goes through, it raises.");
  for (const SetupColumns& columns : models.setups) {
    known.add({{"setup", columns.setup.id}}, static_cast<double>(columns.energy_j.known()));
  }
  return build.text() + (live ? power_text(*live) : "") + count.text() + running_text(running) +
         known.text();
}

}  // namespace wattfor
