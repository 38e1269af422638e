#include "dataset/codecarbon.h"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "dataset/table_file.h"
#include "measurement/validity.h"

namespace wattfor {
namespace {

struct CodeCarbon {
  enum Column : std::size_t {
    timestamp,
    duration,
    energy_consumed,
    run_id,
    experiment_id,
    task_name,
    project_name,
    cpu_energy,
    gpu_energy,
    ram_energy,
    cpu_count,
    cpu_model,
    gpu_model,
    ram_total_size,
    os,
    python_version,
    codecarbon_version,
    tracking_mode,
    country_iso_code,
    region,
    cloud_provider,
    cloud_region,
    pue
  };
  static constexpr std::array<std::string_view, 23> columns{"timestamp",
                                                            "duration",
                                                            "energy_consumed",
                                                            "run_id",
                                                            "experiment_id",
                                                            "task_name",
                                                            "project_name",
                                                            "cpu_energy",
                                                            "gpu_energy",
                                                            "ram_energy",
                                                            "cpu_count",
                                                            "cpu_model",
                                                            "gpu_model",
                                                            "ram_total_size",
                                                            "os",
                                                            "python_version",
                                                            "codecarbon_version",
                                                            "tracking_mode",
                                                            "country_iso_code",
                                                            "region",
                                                            "cloud_provider",
                                                            "cloud_region",
                                                            "pue"};
  static constexpr std::size_t required = 3;
};

// One kind of hardware that it reports.
struct Part {
  CodeCarbon::Column energy;
  CodeCarbon::Column presence;  // says that the machine has it
  const char* name;
  ComponentKind kind;
  Basis basis;
  const char* assumption;
};
constexpr std::array parts{
    Part{CodeCarbon::cpu_energy, CodeCarbon::cpu_model, "cpu", ComponentKind::cpu, Basis::modelled,
         "CodeCarbon does not say whether it read RAPL or took the processor's TDP"},
    Part{CodeCarbon::gpu_energy, CodeCarbon::gpu_model, "gpu", ComponentKind::gpu, Basis::measured,
         ""},
    Part{CodeCarbon::ram_energy, CodeCarbon::ram_total_size, "ram", ComponentKind::dram,
         Basis::modelled,
         "CodeCarbon models memory: 3 W for each 8 GB, from version 3 on 5 W a module"},
};

constexpr const char* local_time =
    "the start is CodeCarbon's local time less the duration, taken for UTC: it writes no time zone";

// `wattfor footprint` writes the table, too, in UTC.
constexpr const char* wattfors =
    "emissions.csv does not say what wattfor measured and what it modelled; `wattfor export` does";

int digits_at(std::string_view text, std::size_t begin, std::size_t count) {
  int number = 0;
  for (const char digit : text.substr(begin, count)) number = 10 * number + (digit - '0');
  return number;
}

using Time = std::chrono::sys_time<std::chrono::milliseconds>;

// "2021-09-23T15:04:51"; what follows the second is dropped.
std::optional<Time> time_in(std::string_view text) {
  constexpr std::string_view form = "0000-00-00T00:00:00";
  if (text.size() < form.size()) return std::nullopt;
  for (std::size_t i = 0; i < form.size(); ++i) {
    const bool is_right = form[i] == '0'   ? text[i] >= '0' && text[i] <= '9'
                          : form[i] == 'T' ? text[i] == 'T' || text[i] == ' '
                                           : text[i] == form[i];
    if (!is_right) return std::nullopt;
  }
  const std::chrono::year_month_day date(
      std::chrono::year(digits_at(text, 0, 4)),
      std::chrono::month(static_cast<unsigned>(digits_at(text, 5, 2))),
      std::chrono::day(static_cast<unsigned>(digits_at(text, 8, 2))));
  const int hour = digits_at(text, 11, 2);
  const int minute = digits_at(text, 14, 2);
  const int second = digits_at(text, 17, 2);
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

// The start of a run that ended then, as a record has it; nothing before the year 0.
std::optional<std::string> start_of(Time end, Seconds duration) {
  constexpr Seconds longest{1e10};  // some 300 years
  if (duration > longest) return std::nullopt;
  const Time start = end - std::chrono::duration_cast<std::chrono::milliseconds>(duration);
  const auto day = std::chrono::floor<std::chrono::days>(start);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(start - day);
  if (date.year() < std::chrono::year(0)) return std::nullopt;
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

class RowOfRun {
 public:
  explicit RowOfRun(DataTable& table) : table_(table) {}

  // Of a row that turns out not to be usable it is no record.
  Measurement read() {
    Measurement run;
    const double seconds = required(CodeCarbon::duration, "seconds");
    const Joules total = kilowatt_hours(required(CodeCarbon::energy_consumed, "kilowatt-hours"));
    run.energy.duration = Seconds(seconds);
    run.id = id();
    run.name = table_.text(CodeCarbon::project_name);
    if (run.name.empty()) run.name = "codecarbon";
    run.started_at = started_at(run.energy.duration);
    run.machine = machine();
    if (!is_wattfors()) run.warnings = {local_time};
    keep_settings(run);
    read_components(run.energy, total);
    run.energy.total = total_of(run.energy.components, Scope::everything);
    return run;
  }

 private:
  double required(CodeCarbon::Column column, std::string_view unit) {
    const auto value = table_.not_negative(column, unit);
    if (!value && table_.is_usable()) table_.fault(column, fmt::format("{}", unit));
    return value.value_or(0.0);
  }

  bool is_wattfors() const {
    return table_.text(CodeCarbon::codecarbon_version).starts_with("wattfor ");
  }

  // Versions before the run's id had one of each run as experiment_id.
  std::string id() {
    const std::string run = table_.text(CodeCarbon::run_id);
    const std::string experiment = table_.text(CodeCarbon::experiment_id);
    const std::string task = table_.text(CodeCarbon::task_name);
    std::string id = run.empty() ? experiment : run;
    if (id.empty()) {
      id = fmt::format("codecarbon {} {} {}", table_.text(CodeCarbon::timestamp),
                       table_.text(CodeCarbon::project_name), table_.text(CodeCarbon::duration));
    }
    if (!task.empty()) id += " " + task;
    if (id.size() > longest_name_bytes) table_.fault(CodeCarbon::run_id, "a shorter name");
    return id;
  }

  std::string started_at(Seconds duration) {
    const auto end = time_in(table_.text(CodeCarbon::timestamp));
    const auto start = end ? start_of(*end, duration) : std::nullopt;
    if (!start) table_.fault(CodeCarbon::timestamp, "a time like 2021-09-23T15:04:51");
    return start.value_or("");
  }

  Machine machine() {
    constexpr double bytes_per_gigabyte = 1073741824.0;  // 1024³: CodeCarbon divides by that
    Machine machine;
    machine.cpu = table_.text(CodeCarbon::cpu_model);
    machine.logical_cpus = table_.count(CodeCarbon::cpu_count).value_or(0);
    machine.memory_bytes =
        table_.not_negative(CodeCarbon::ram_total_size, "gigabytes").value_or(0.0) *
        bytes_per_gigabyte;
    machine.kernel = table_.text(CodeCarbon::os);
    if (auto gpus = table_.text(CodeCarbon::gpu_model); !gpus.empty()) {
      machine.devices.push_back(std::move(gpus));
    }
    return machine;
  }

  void keep_settings(Measurement& run) {
    for (const CodeCarbon::Column column :
         {CodeCarbon::codecarbon_version, CodeCarbon::tracking_mode, CodeCarbon::python_version,
          CodeCarbon::country_iso_code, CodeCarbon::region, CodeCarbon::cloud_provider,
          CodeCarbon::cloud_region, CodeCarbon::pue}) {
      std::string value = table_.text(column);
      if (!value.empty()) {
        run.settings[std::string(CodeCarbon::columns.at(column))] = std::move(value);
      }
    }
    const double pue = table_.positive(CodeCarbon::pue, "a factor").value_or(1.0);
    if (pue != 1.0) {
      run.warnings.push_back(fmt::format(
          "the energies hold the data centre's PUE of {:g}, as CodeCarbon wrote them", pue));
    }
  }

  void read_components(EnergyReport& energy, Joules total) {
    Joules sum;
    bool has_parts = false;
    for (const Part& part : parts) {
      const auto kwh = table_.not_negative(part.energy, "kilowatt-hours");
      if (!kwh) continue;
      has_parts = true;
      sum += kilowatt_hours(*kwh);
      const bool is_there = !table_.text(part.presence).empty();
      if (*kwh > 0.0 || is_there) {
        energy.components.push_back(component(part, kilowatt_hours(*kwh), energy.duration));
      }
    }
    if (!has_parts) {
      energy.components.push_back(
          component({.energy = CodeCarbon::energy_consumed,
                     .presence = CodeCarbon::energy_consumed,
                     .name = "machine",
                     .kind = ComponentKind::other,
                     .basis = Basis::modelled,
                     .assumption = "CodeCarbon does not say what it read and what it modelled"},
                    total, energy.duration));
      return;
    }
    // Only rounding lies between them.
    constexpr double rounding = 1e-6;
    if (std::abs((sum - total).value()) > rounding * total.value()) {
      table_.fault(CodeCarbon::energy_consumed,
                   fmt::format("the sum of its parts, {:g} kWh", sum / kilowatt_hours(1.0)));
    }
  }

  ComponentEnergy component(const Part& part, Joules energy, Seconds duration) {
    ComponentEnergy component;
    component.name = part.name;
    component.kind = part.kind;
    if (table_.text(CodeCarbon::tracking_mode) == "machine") {
      component.shared_with = "all programs on the machine";
    }
    if (energy == Joules(0.0)) {
      component.faults = {"CodeCarbon wrote 0 kWh for it"};
      return component;
    }
    component.basis = is_wattfors() ? Basis::modelled : part.basis;
    component.assumption = is_wattfors() ? wattfors : part.assumption;
    component.gross = EnergyFigure{.energy = energy, .absolute = {}, .comparison = {}};
    if (duration > Seconds(0.0)) component.average_power = energy / duration;
    return component;
  }

  DataTable& table_;
};

// The runs of a file, each with its longest row.
class Runs {
 public:
  // What is left out for it: a row that tells less of the same run.
  std::optional<std::pair<int, int>> add(Measurement run, int line) {
    const auto [found, is_new] = places_.try_emplace(run.id, runs_.size());
    if (is_new) {
      runs_.push_back({line, std::move(run)});
      return std::nullopt;
    }
    auto& [kept_line, kept] = runs_[found->second];
    if (run.energy.duration < kept.energy.duration) return std::pair(line, kept_line);
    const int shorter = std::exchange(kept_line, line);
    kept = std::move(run);
    return std::pair(shorter, line);
  }

  std::vector<std::pair<int, Measurement>>& all() { return runs_; }

 private:
  std::map<std::string, std::size_t> places_;
  std::vector<std::pair<int, Measurement>> runs_;
};

}  // namespace

ImportedTables read_codecarbon(const std::string& file) {
  ImportedTables data;
  TableFile table_file(file, Terms{.licence = "", .origin = "CodeCarbon"}, data);
  Runs runs;
  std::vector<LeftOut> superseded;
  table_file.each(CodeCarbon::columns, CodeCarbon::required, "runs", [&](DataTable& table) {
    Measurement run = RowOfRun(table).read();
    const std::string what = run.id;
    if (!table.is_usable()) {
      table.leave_out(what);
      return RowUse::left_out;
    }
    if (const auto shorter = runs.add(std::move(run), table.line())) {
      superseded.push_back(
          {.file = file,
           .line = shorter->first,
           .what = what,
           .reason =
               fmt::format("line {} tells of the same run, and of more of it", shorter->second)});
      return RowUse::left_out;
    }
    return RowUse::used;
  });
  data.left_out.insert(data.left_out.end(), superseded.begin(), superseded.end());
  for (auto& [line, run] : runs.all()) {
    table_file.table().measurements.push_back(std::move(run));
  }
  return data;
}

}  // namespace wattfor
