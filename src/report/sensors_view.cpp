#include "report/sensors_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <tuple>
#include <utility>

#include "document/numbers.h"
#include "document/text_table.h"
#include "measurement/energy.h"
#include "meter/window_report.h"
#include "report/calibration_view.h"
#include "report/json_values.h"

namespace wattfor {

namespace {

using Json = nlohmann::json;

// The domain's name as a key: "cpu_package".
std::string key_of(Domain domain) {
  std::string key(name_of(domain));
  std::ranges::replace(key, ' ', '_');
  return key;
}

// Readings of one sensor, as far as a probe looks at them.
struct Seen {
  Instant time;
  double value = 0.0;  // joules or watts
};

std::optional<double> value_of(const Reading& reading) {
  if (const auto* energy = std::get_if<Joules>(&reading)) return energy->value();
  if (const auto* power = std::get_if<Watts>(&reading)) return power->value();
  return std::nullopt;
}

// Power between two readings of a counter that may have wrapped once between them; nothing where
// they are not apart or the counter went backwards.
std::optional<Watts> power_between(const Seen& from, const Seen& to, const SensorInfo& info) {
  const Seconds apart = to.time - from.time;
  double energy = to.value - from.value;
  if (energy < 0 && info.counter_range) energy += info.counter_range->value();
  if (apart <= Seconds(0) || energy < 0) return std::nullopt;
  return Joules(energy) / apart;
}

}  // namespace

bool SensorRow::stuck() const {
  return probe && info.kind == SensorKind::energy_counter && probe->reads > 1 &&
         probe->changes == 0 && probe->duration > 2.0 * update_period_of(info);
}

SensorsView sensors_view(const HostFacts& host, const ProbeResult& found) {
  SensorsView view;
  view.host = host;
  view.obstacles = found.obstacles;
  view.warnings = found.warnings;
  for (const auto& device : found.devices) {
    for (const auto& sensor : device->sensors()) {
      view.rows.push_back({.device = device->name(),
                           .component = component_name(sensor->info()),
                           .info = sensor->info(),
                           .probe = std::nullopt});
    }
  }
  return view;
}

SensorProbe probe_sensor(Sensor& sensor, const Clock& clock, Seconds duration) {
  SensorProbe probe;
  std::optional<Seen> first;
  std::optional<Seen> first_change;
  std::optional<Seen> last_change;
  std::optional<Seen> last;
  const Instant start = clock.now();
  do {
    const Reading reading = sensor.read();
    const Instant now = clock.now();
    probe.duration = now - start;
    const auto value = value_of(reading);
    if (!value) {
      probe.failure = std::get<ReadFailure>(reading).reason;
      if (std::get<ReadFailure>(reading).kind == FailureKind::gone) break;
      continue;
    }
    ++probe.reads;
    const Seen seen{now, *value};
    if (last && *value != last->value) {
      ++probe.changes;
      if (!first_change) first_change = seen;
      last_change = seen;
    }
    if (!first) first = seen;
    last = seen;
  } while (probe.duration < duration);

  if (!last) return probe;
  if (sensor.info().kind == SensorKind::power_gauge) {
    probe.power = Watts(last->value);
  } else if (probe.changes > 1) {
    // Between two changes the time that belongs to the energy is known to a reading.
    probe.power = power_between(*first_change, *last_change, sensor.info());
  } else if (probe.changes == 1) {
    probe.power = power_between(*first, *last, sensor.info());
  }
  return probe;
}

void probe_sensors(SensorsView& view, const ProbeResult& found, const Clock& clock, Seconds each,
                   const ProbeProgress& progress) {
  std::size_t row = 0;
  for (const auto& device : found.devices) {
    for (const auto& sensor : device->sensors()) {
      if (row == view.rows.size()) return;
      view.rows[row++].probe = probe_sensor(*sensor, clock, each);
      if (progress) progress(row, view.rows.size());
    }
  }
}

namespace {

// As somebody wrote it down: "100 ms", not "100.0 ms".
std::string nominal(Seconds duration) {
  const double seconds = duration.count();
  return seconds < 1.0 ? fmt::format("{:g} ms", 1e3 * seconds) : fmt::format("{:g} s", seconds);
}

std::string kind_text(const SensorInfo& info) {
  if (info.kind == SensorKind::energy_counter) return "energy counter";
  if (!info.averaging_window) return "power";
  return fmt::format("power over {}", nominal(*info.averaging_window));
}

std::string per_second(std::int64_t count, Seconds duration) {
  if (duration <= Seconds(0)) return "";
  return plain_number(static_cast<double>(count) / duration.count()) + "/s";
}

std::string probe_text(const SensorRow& row) {
  const SensorProbe& probe = *row.probe;
  if (probe.reads == 0) return "does not answer: " + probe.failure;
  std::string text = probe.power ? si_number(probe.power->value(), "W") + " now, " : "";
  if (row.stuck()) {
    text += fmt::format("STUCK: it did not move in {}, ", duration_text(probe.duration));
  } else {
    text += fmt::format("changes {}, ", per_second(probe.changes, probe.duration));
  }
  text += fmt::format("can be read {}", per_second(probe.reads, probe.duration));
  if (!probe.failure.empty()) text += "; some reads failed: " + probe.failure;
  return text;
}

std::string gibibytes(double bytes) { return fmt::format("{:.3g} GiB", bytes / (1 << 30)); }

std::string host_text(const HostFacts& host) {
  std::string text = fmt::format("{}: {}, {} CPU{}", host.hostname, host.cpu, host.logical_cpus,
                                 host.logical_cpus == 1 ? "" : "s");
  if (host.memory_bytes > 0) text += ", " + gibibytes(host.memory_bytes);
  text += ", Linux " + host.kernel;
  if (!host.virtualisation.empty()) {
    text += fmt::format(", a virtual machine ({})", host.virtualisation);
  }
  return text;
}

using Cells = std::array<std::string, 3>;

std::string rate_text(const SensorInfo& info) {
  if (!info.update_period) return "at an unknown rate";
  return *info.update_period > Seconds(0.0) ? "every " + nominal(*info.update_period)
                                            : "at all times";
}

Cells cells_of(const SensorRow& row) {
  return {row.component, kind_text(row.info), rate_text(row.info)};
}

std::string place_of(const SensorInfo& info) {
  std::string place = info.in_total ? "in total" : "not in total: " + info.why_not_in_total;
  if (!info.shared_with.empty()) place += "; shared: the figure is of " + info.shared_with;
  return place;
}

// Below its line: what it is called, where it is read, what it says.
void append_measured(std::string& text, const std::vector<const SensorRow*>& rows, int width) {
  constexpr int indent = 6;
  std::vector<Cells> table;
  std::array<int, std::tuple_size_v<Cells>> widths{};
  for (const SensorRow* row : rows) {
    table.push_back(cells_of(*row));
    for (std::size_t i = 0; i < widths.size(); ++i) {
      widths[i] = std::max(widths[i], display_width(table.back()[i]));
    }
  }
  std::string device;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const SensorRow& row = *rows[r];
    if (row.device != device) text += fmt::format("  {}\n", device = row.device);
    std::string line = "   ";
    for (std::size_t i = 0; i < widths.size(); ++i) {
      const std::string& cell = table[r][i];
      line += ' ' + cell +
              std::string(static_cast<std::size_t>(widths[i] - display_width(cell)) + 1, ' ');
    }
    const std::string place = place_of(row.info);
    const bool fits = display_width(line) + 1 + display_width(place) <= width;
    text += fits ? fmt::format("{} {}\n", line, place)
                 : line.substr(0, line.find_last_not_of(' ') + 1) + '\n' +
                       wrapped_text("      " + place, width, indent);
    text += wrapped_text(
        fmt::format("      {} in {} from {}", row.info.id, row.info.unit, row.info.source), width,
        indent);
    if (row.calibrated()) {
      text += wrapped_text("      " + profile_words(*row.info.calibration), width, indent);
    }
    if (row.probe) text += wrapped_text("      " + probe_text(row), width, indent);
  }
}

// What a model assumes also says how far it may be off.
void append_modelled(std::string& text, const std::vector<const SensorRow*>& rows, int width) {
  for (const SensorRow* row : rows) {
    text += "    " + row->component;
    if (row->probe && row->probe->power) {
      text += fmt::format(", {} now", si_number(row->probe->power->value(), "W"));
    }
    text += '\n' + wrapped_text("      " + row->info.assumption, width, 6);
  }
}

void append_obstacles(std::string& text, const std::vector<Obstacle>& obstacles, int width) {
  for (const Obstacle& obstacle : obstacles) {
    text += wrapped_text("    " + obstacle.what, width, 4);
    // Blanks in the label's place: a long first word, a path, must not leave the label alone.
    constexpr std::string_view label = "      why   ";
    text += label;
    text += wrapped_text(std::string(label.size(), ' ') + obstacle.reason, width, label.size())
                .substr(label.size());
    text += "      try   " +
            (obstacle.remedy.empty() ? "nothing on this machine unlocks it" : obstacle.remedy) +
            "\n";
  }
}

Json probe_json(const SensorRow& row) {
  if (!row.probe) return nullptr;
  const SensorProbe& probe = *row.probe;
  const double seconds = probe.duration.count();
  const auto rate = [seconds](std::int64_t count) {
    return seconds > 0 ? Json(static_cast<double>(count) / seconds) : Json(nullptr);
  };
  return {{"duration_s", seconds},
          {"reads_per_s", rate(probe.reads)},
          {"changes_per_s", rate(probe.changes)},
          {"power_w", value_or_null(probe.power)},
          {"stuck", row.stuck()},
          {"failure", text_or_null(probe.failure)}};
}

Json row_json(const SensorRow& row) {
  const SensorInfo& info = row.info;
  return {{"id", info.id},
          {"device", row.device},
          {"component", row.component},
          {"domain", key_of(info.domain)},
          {"domain_index", info.domain_index},
          {"kind", key_of(info.kind)},
          {"unit", info.unit},
          {"basis", name_of(basis_of(row.info))},
          {"in_total", info.in_total},
          {"label", text_or_null(info.label)},
          {"shared_with", text_or_null(info.shared_with)},
          {"not_in_total_because", text_or_null(row.info.why_not_in_total)},
          {"source", info.source},
          {"driver", text_or_null(info.driver)},
          {"update_period_s", value_or_null(info.update_period)},
          {"averaging_window_s", value_or_null(info.averaging_window)},
          {"counter_range_j", value_or_null(info.counter_range)},
          {"power_limit_w", value_or_null(info.power_limit)},
          {"gain_uncertainty_percent", 100.0 * info.gain_uncertainty},
          {"calibration", row.calibrated() ? to_json(*info.calibration) : Json(nullptr)},
          {"assumption", text_or_null(info.assumption)},
          {"probe", probe_json(row)}};
}

}  // namespace

std::string sensors_text(const SensorsView& view, int width) {
  const int columns = std::max(width, 40);
  std::vector<const SensorRow*> measured;
  std::vector<const SensorRow*> modelled;
  for (const SensorRow& row : view.rows) (row.modelled() ? modelled : measured).push_back(&row);

  std::string text = wrapped_text(host_text(view.host), columns, 0);
  if (!measured.empty()) {
    text += measured.front()->info.simulated ? "\nSimulated\n" : "\nMeasured\n";
    append_measured(text, measured, columns);
  } else {
    text += '\n';
    text += wrapped_text(
        modelled.empty()
            ? "No power sensor can be read on this machine, and nothing stands in for it: energy "
              "will be missing from every record."
            : "No power sensor can be read on this machine. Energy is modelled instead: computed, "
              "not measured, and marked so in every record.",
        columns, 0);
  }
  if (!modelled.empty()) {
    text += measured.empty() ? "\nModelled\n" : "\nModelled, as no sensor covers it\n";
    append_modelled(text, modelled, columns);
  }
  if (!view.obstacles.empty()) {
    text += "\nNot readable\n";
    append_obstacles(text, view.obstacles, columns);
  }
  if (!view.warnings.empty()) text += "\nWarnings\n";
  for (const std::string& warning : view.warnings) {
    text += wrapped_text("    " + warning, columns, 6);
  }
  return printable_lines(text);
}

Json sensors_json(const SensorsView& view) {
  const HostFacts& host = view.host;
  Json sensors = Json::array();
  for (const SensorRow& row : view.rows) sensors.push_back(row_json(row));
  Json obstacles = Json::array();
  for (const Obstacle& obstacle : view.obstacles) {
    obstacles.push_back({{"what", obstacle.what},
                         {"reason", obstacle.reason},
                         {"remedy", text_or_null(obstacle.remedy)}});
  }
  return {{"host",
           {{"hostname", host.hostname},
            {"kernel", host.kernel},
            {"cpu", host.cpu},
            {"logical_cpus", host.logical_cpus},
            {"memory_bytes", host.memory_bytes},
            {"virtualisation", text_or_null(host.virtualisation)}}},
          {"sensors", std::move(sensors)},
          {"obstacles", std::move(obstacles)},
          {"warnings", view.warnings}};
}

}  // namespace wattfor
