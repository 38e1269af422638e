#include "report/emissions_csv.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>
#include <iterator>
#include <map>
#include <optional>
#include <string_view>

#include "base/csv.h"
#include "base/error.h"
#include "base/file.h"
#include "base/utc_time.h"
#include "document/markup.h"
#include "document/table_numbers.h"
#include "report/footprint_words.h"

namespace wattfor {
namespace {

namespace fs = std::filesystem;

constexpr auto columns = std::to_array<std::string_view>({"timestamp",
                                                          "project_name",
                                                          "run_id",
                                                          "experiment_id",
                                                          "duration",
                                                          "emissions",
                                                          "emissions_rate",
                                                          "cpu_power",
                                                          "gpu_power",
                                                          "ram_power",
                                                          "cpu_energy",
                                                          "gpu_energy",
                                                          "ram_energy",
                                                          "energy_consumed",
                                                          "water_consumed",
                                                          "country_name",
                                                          "country_iso_code",
                                                          "region",
                                                          "cloud_provider",
                                                          "cloud_region",
                                                          "os",
                                                          "python_version",
                                                          "codecarbon_version",
                                                          "cpu_count",
                                                          "cpu_model",
                                                          "gpu_count",
                                                          "gpu_model",
                                                          "longitude",
                                                          "latitude",
                                                          "ram_total_size",
                                                          "tracking_mode",
                                                          "cpu_utilization_percent",
                                                          "gpu_utilization_percent",
                                                          "ram_utilization_percent",
                                                          "ram_used_gb",
                                                          "on_cloud",
                                                          "pue",
                                                          "wue"});

using Fields = std::map<std::string_view, std::string>;

// The end of a run as CodeCarbon writes it, to the second; it names no time zone, this is UTC.
std::string end_of(const Measurement& run) {
  const auto begin = utc_seconds(run.started_at);
  constexpr Seconds longest{1e10};  // some 300 years
  if (!begin || !(run.energy.duration <= longest)) {
    throw Error(ErrorCode::invalid_input,
                fmt::format("the end of '{}' is no time: it began at '{}' and took {} s", run.name,
                            run.started_at, run.energy.duration.count()));
  }
  const std::time_t seconds = std::llround(*begin + run.energy.duration.count());
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", utc.tm_year + 1900, utc.tm_mon + 1,
                     utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec);
}

// The components of a kind that are in the total; nothing where there are none, or one of them has
// no figure.
std::optional<Joules> energy_of(const EnergyReport& energy, ComponentKind kind) {
  std::optional<Joules> sum;
  for (const ComponentEnergy& component : energy.components) {
    if (component.kind != kind || !component.in_total) continue;
    if (!component.gross) return std::nullopt;
    sum = sum.value_or(Joules(0.0)) + component.gross->energy;
  }
  return sum;
}

struct Part {
  ComponentKind kind;
  std::string_view energy;
  std::string_view power;
};
constexpr std::array parts{Part{ComponentKind::cpu, "cpu_energy", "cpu_power"},
                           Part{ComponentKind::gpu, "gpu_energy", "gpu_power"},
                           Part{ComponentKind::dram, "ram_energy", "ram_power"}};

// Readers add the three parts up: where something else is in the total, the parts stay empty.
void add_parts(Fields& fields, const EnergyReport& energy, double pue) {
  const bool adds_up =
      std::ranges::none_of(energy.components, [](const ComponentEnergy& component) {
        return component.in_total && component.kind == ComponentKind::other && component.gross;
      });
  for (const Part& part : parts) {
    const auto joules = energy_of(energy, part.kind);
    if (!joules || !adds_up) continue;
    fields[part.energy] = full_number(pue * in_kilowatt_hours(*joules));
    if (energy.duration > Seconds(0.0)) {
      fields[part.power] = full_number(pue * (*joules / energy.duration).value());
    }
  }
}

void add_machine(Fields& fields, const Measurement& run) {
  constexpr double bytes_per_gigabyte = 1073741824.0;  // 1024³, as CodeCarbon counts
  const Machine& machine = run.machine;
  fields["os"] = machine.kernel;
  fields["cpu_model"] = machine.cpu;
  if (machine.logical_cpus > 0) fields["cpu_count"] = std::to_string(machine.logical_cpus);
  if (machine.memory_bytes > 0.0) {
    fields["ram_total_size"] = full_number(machine.memory_bytes / bytes_per_gigabyte);
  }
  if (!machine.devices.empty()) {
    fields["gpu_count"] = std::to_string(machine.devices.size());
    fields["gpu_model"] = fmt::format("{}", fmt::join(counted_devices(machine, "x"), "; "));
  }
  double sum = 0.0;
  double count = 0.0;
  for (const DeviceConditions& device : run.energy.conditions) {
    if (!device.utilisation_percent || !device.device.starts_with("gpu")) continue;
    sum += *device.utilisation_percent;
    ++count;
  }
  if (count > 0.0) fields["gpu_utilization_percent"] = full_number(sum / count);
}

std::string line_of(const Fields& fields) {
  std::string line;
  for (const std::string_view column : columns) {
    if (column != columns.front()) line += ',';
    const auto found = fields.find(column);
    if (found != fields.end()) line += csv_text(found->second);
  }
  return line;
}

std::string row_of(const FootprintRow& row, const Electricity& electricity) {
  const Measurement& run = *row.run;
  const Seconds duration = run.energy.duration;
  Fields fields{{"timestamp", end_of(run)},
                {"project_name", run.name},
                {"run_id", run.id},
                {"duration", full_number(duration.count())},
                {"codecarbon_version", "wattfor " + run.wattfor_version},
                {"tracking_mode", "machine"},
                {"pue", full_number(row.pue)}};
  if (run.energy.total.gross) {
    ElectricityTerms terms = electricity.terms;
    terms.pue = row.pue;
    const Footprint whole = footprint_of(*run.energy.total.gross, duration, terms);
    fields["energy_consumed"] = full_number(in_kilowatt_hours(whole.energy.energy));
    if (whole.carbon_g) {
      const double kilograms = whole.carbon_g->value * 1e-3;
      fields["emissions"] = full_number(kilograms);
      if (duration > Seconds(0.0)) {
        fields["emissions_rate"] = full_number(kilograms / duration.count());
      }
    }
    add_parts(fields, run.energy, row.pue);
  }
  fields["country_name"] = electricity.place;
  if (electricity.grid != nullptr) {
    fields["country_name"] = std::string(electricity.grid->country);
    fields["country_iso_code"] = std::string(electricity.grid->alpha3);
  }
  add_machine(fields, run);
  return line_of(fields);
}

// What is there to be written behind; a pipe or a terminal holds nothing.
std::string file_text(const fs::path& file) {
  std::error_code unknown;
  return fs::is_regular_file(file, unknown) ? read_file(file) : std::string();
}

}  // namespace

std::string emissions_header() { return fmt::format("{}", fmt::join(columns, ",")); }

std::vector<std::string> emissions_rows(const FootprintView& view) {
  std::vector<FootprintRow> asked_for;
  for (const auto* runs : {&view.making, &view.tests}) {
    std::ranges::copy_if(*runs, std::back_inserter(asked_for), &FootprintRow::is_asked_for);
  }
  refuse_simulated(asked_for, "emissions.csv");
  std::vector<std::string> rows;
  rows.reserve(asked_for.size());
  for (const FootprintRow& run : asked_for) rows.push_back(row_of(run, view.electricity));
  return rows;
}

void append_emissions(const fs::path& file, const FootprintView& view) {
  std::string text = file_text(file);
  const auto there = read_csv(text, file.string());
  if (there.empty()) {
    text = emissions_header() + "\n";
  } else if (!std::ranges::equal(there.front().fields, columns)) {
    throw Error(ErrorCode::invalid_input,
                fmt::format("{}: its columns are not those of CodeCarbon 3.3: move it away, or "
                            "name another file",
                            file.string()));
  }
  constexpr std::size_t id_column = 2;
  static_assert(columns[id_column] == "run_id");
  for (const auto* runs : {&view.making, &view.tests}) {
    for (const FootprintRow& row : *runs) {
      const auto is_there = std::ranges::any_of(there, [&](const CsvRow& line) {
        return line.fields.size() > id_column && line.fields[id_column] == row.run->id;
      });
      if (!row.is_asked_for || !is_there) continue;
      throw Error(ErrorCode::invalid_input,
                  fmt::format("{} has the run {} already: whoever adds its rows up would count it "
                              "twice",
                              file.string(), row.run->id));
    }
  }
  if (!text.ends_with('\n')) text += '\n';
  for (const std::string& row : emissions_rows(view)) text += row + '\n';
  write_file(file, text);
}

}  // namespace wattfor
