#include "store/exchange.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

#include "base/csv.h"
#include "base/error.h"
#include "measurement/json.h"
#include "measurement/validity.h"

namespace wattfor {
namespace {

constexpr std::string_view format_name = "wattfor";
constexpr int format_version = 1;

template <class Record>
void write_list(std::ostream& out, std::span<const Record> records) {
  const char* separator = "\n";
  for (const Record& record : records) {
    out << separator << dump(to_json(record));
    separator = ",\n";
  }
  out << (records.empty() ? "]" : "\n]");
}

// Whether a file must hold a list; earlier versions wrote fewer of them.
enum class Presence { required, optional };

template <class Record, class Read>
std::vector<Record> read_list(const nlohmann::json& document, const char* key, const Read& read,
                              const std::string& file, Presence presence = Presence::required) {
  std::vector<Record> records;
  const auto list = document.find(key);
  if (list == document.end() && presence == Presence::optional) return records;
  if (list == document.end() || !list->is_array()) {
    throw Error(ErrorCode::invalid_input,
                fmt::format("{}: expected a list under \"{}\"", file, key));
  }
  for (const auto& entry : *list) {
    try {
      Record record = read(entry);
      require_valid(record);
      records.push_back(std::move(record));
    } catch (const Error& error) {
      throw Error(error.code(),
                  fmt::format("{}: {}[{}]: {}", file, key, records.size(), error.what()));
    }
  }
  return records;
}

// Two records of one identity contradict each other, or the file was put together by hand.
template <class Record, class Identify>
void refuse_twins(const std::vector<Record>& records, const char* key, const Identify& identify,
                  const std::string& file) {
  std::map<std::decay_t<decltype(identify(records.front()))>, std::size_t> first;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const auto [earlier, is_new] = first.try_emplace(identify(records[i]), i);
    if (is_new) continue;
    throw Error(ErrorCode::invalid_input,
                fmt::format("{0}: {1}[{2}]: expected a record of its own, found that of {1}[{3}] "
                            "again; a file holds each once",
                            file, key, i, earlier->second));
  }
}

// The columns of one line, as name and value; one function so that the header can't drift from the
// lines.
class CsvLine {
 public:
  void text(std::string_view name, std::string_view value) { append(name, csv_field(value)); }
  template <class Number>
  void number(std::string_view name, const std::optional<Number>& value) {
    // As everywhere, a number that is not one is unknown.
    const bool is_known = value && std::isfinite(static_cast<double>(*value));
    append(name, is_known ? fmt::format("{}", *value) : "");
  }
  void figure(std::string_view energy, std::string_view bounds,
              const std::optional<EnergyFigure>& figure) {
    number(fmt::format("{}_j", energy),
           figure ? std::optional(figure->energy.value()) : std::nullopt);
    interval(fmt::format("{}", energy), figure ? figure->absolute : std::nullopt);
    interval(bounds, figure ? figure->comparison : std::nullopt);
  }

  const std::string& names() const { return names_; }
  const std::string& values() const { return values_; }

 private:
  void interval(std::string_view name, const std::optional<Interval>& interval) {
    number(fmt::format("{}_low_j", name), interval ? std::optional(interval->low) : std::nullopt);
    number(fmt::format("{}_high_j", name), interval ? std::optional(interval->high) : std::nullopt);
  }
  void append(std::string_view name, std::string_view value) {
    if (!names_.empty()) {
      names_ += ',';
      values_ += ',';
    }
    names_ += name;
    values_ += value;
  }

  std::string names_;
  std::string values_;
};

CsvLine csv_line(const Measurement& record) {
  const EnergyReport& energy = record.energy;
  const auto& cell = record.cell;
  const auto& result = record.result;
  CsvLine line;
  line.text("id", record.id);
  line.text("name", record.name);
  line.text("started_at", record.started_at);
  line.text("outcome", name_of(record.outcome));
  line.text("reason", record.reason);
  line.text("setup", cell ? cell->setup.id : "");
  line.text("model", cell ? cell->model.name : "");
  line.number("input_size", cell ? std::optional(cell->model.input_size) : std::nullopt);
  line.number("batch_size", cell ? std::optional(cell->batch_size) : std::nullopt);
  line.text("protocol", cell ? cell->protocol : "");
  line.number("seed", cell ? std::optional(cell->seed) : std::nullopt);
  line.text("scope", energy.total.scope);
  line.text("basis", name_of(energy.total.basis));
  line.number("duration_s", std::optional(energy.duration.count()));
  line.figure("energy", "comparison", energy.total.gross);
  line.figure("net_energy", "net_comparison", energy.total.net);
  line.figure("energy_per_image", "comparison_per_image",
              result ? std::optional(result->energy_per_image) : std::nullopt);
  line.figure("net_energy_per_image", "net_comparison_per_image",
              result ? result->net_energy_per_image : std::nullopt);
  line.number("throughput_per_s", result ? std::optional(result->throughput_per_s) : std::nullopt);
  line.number("latency_ms", result ? std::optional(result->latency_ms) : std::nullopt);
  line.number("replicates", result ? std::optional(result->replicates.size()) : std::nullopt);
  line.text("precision_reached", result ? (result->precision_reached ? "true" : "false") : "");
  line.number("memory_bytes", result ? result->memory_bytes : std::nullopt);
  line.number("exit_status", record.command ? record.command->exit_status : std::nullopt);
  const auto& context = record.context;
  line.number("others_cpu_percent", context ? context->others_cpu_percent : std::nullopt);
  line.number("slowed_by_heat_s", context && context->slowed_by_heat
                                      ? std::optional(context->slowed_by_heat->count())
                                      : std::nullopt);
  line.text("container", context ? context->container : "");
  const auto& training = record.training;
  line.text("trained_model", training ? training->model : "");
  line.text("phase", training ? name_of(training->phase) : "");
  line.number("data_fraction", training ? training->data_fraction : std::nullopt);
  line.number("accuracy_percent", training ? training->accuracy_percent : std::nullopt);
  const auto epochs = std::ranges::count_if(record.windows, [](const MarkedWindow& window) {
    return window.kind == WindowKind::epoch && window.ended;
  });
  line.number("epochs", training ? std::optional(epochs) : std::nullopt);
  line.number("steps", record.steps);
  line.text("hostname", record.machine.hostname);
  line.text("cpu", record.machine.cpu);
  line.text("wattfor_version", record.wattfor_version);
  return line;
}

std::string_view first_line(std::string_view text) {
  return text.substr(0, text.find_first_of("\r\n"));
}

// What a file that is no JSON seems to be instead, and what to do with it.
std::string no_json(std::string_view text, const std::string& reason) {
  const std::string_view line = first_line(text);
  if (line == csv_line({}).names()) {
    return "this is an export as CSV, which holds a part of each record; import the export as JSON "
           "(`wattfor export > records.json`, where the records come from)";
  }
  if (line.find("test_set") != std::string_view::npos) {
    return "this seems to be a table of accuracies; bring it in with `wattfor import accuracy "
           "FILE`";
  }
  if (line.find("train_kwh") != std::string_view::npos) {
    return "this seems to be a table of training runs; bring it in with `wattfor import training "
           "FILE`";
  }
  if (line.find("emissions_rate") != std::string_view::npos) {
    return "this seems to be CodeCarbon's; bring it in with `wattfor import codecarbon FILE`";
  }
  return fmt::format(
      "expected the JSON that `wattfor export --format json` writes, and it is none: {}", reason);
}

nlohmann::json parsed(std::string_view text, const std::string& file) {
  try {
    return nlohmann::json::parse(text);
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorCode::invalid_input, fmt::format("{}: {}", file, no_json(text, error.what())));
  }
}

}  // namespace

bool is_simulated(const Measurement& measurement) {
  const auto simulated = [](const ComponentEnergy& component) {
    return component.basis == Basis::simulated;
  };
  return measurement.energy.total.basis == Basis::simulated ||
         std::ranges::any_of(measurement.energy.components, simulated);
}

Records records_of(const Store& store) {
  Records records{.measurements = store.measurements(),
                  .accuracies = store.accuracies(),
                  .figures = store.figures(),
                  .statistics = store.statistics(),
                  .training_runs = store.training_runs()};
  std::erase_if(records.measurements, is_simulated);
  return records;
}

void write_json(std::ostream& out, const Records& records) {
  out << fmt::format("{{\"format\":\"{}\",\"version\":{},\n\"measurements\":[", format_name,
                     format_version);
  write_list<Measurement>(out, records.measurements);
  out << ",\n\"accuracies\":[";
  write_list<Accuracy>(out, records.accuracies);
  out << ",\n\"figures\":[";
  write_list<PublishedFigure>(out, records.figures);
  out << ",\n\"model_statistics\":[";
  write_list<ModelStatistics>(out, records.statistics);
  out << ",\n\"training_runs\":[";
  write_list<TrainingRun>(out, records.training_runs);
  out << "}\n";
}

void write_csv(std::ostream& out, std::span<const Measurement> measurements) {
  out << csv_line({}).names() << "\n";
  for (const Measurement& measurement : measurements) {
    out << csv_line(measurement).values() << "\n";
  }
}

Records records_from_json(std::string_view text, const std::string& file) {
  const nlohmann::json document = parsed(text, file);
  const auto format = document.is_object() ? document.find("format") : document.end();
  if (format == document.end() || *format != format_name) {
    throw Error(
        ErrorCode::invalid_input,
        fmt::format("{}: JSON, but not what `wattfor export --format json` writes: expected "
                    "\"format\":\"{}\" at its beginning",
                    file, format_name));
  }
  const auto version = document.find("version");
  if (version == document.end() || !version->is_number_integer() || *version < 1) {
    throw Error(ErrorCode::invalid_input,
                fmt::format("{}: expected the format's \"version\", a whole number", file));
  }
  if (*version > format_version) {
    throw Error(
        ErrorCode::unsupported,
        fmt::format("{}: the file has format version {}, and this wattfor ({}) reads versions "
                    "up to {}; use the newer wattfor that wrote it",
                    file, version->dump(), WATTFOR_VERSION, format_version));
  }
  Records records{
      .measurements = read_list<Measurement>(document, "measurements", measurement_from_json, file),
      .accuracies = read_list<Accuracy>(document, "accuracies", accuracy_from_json, file),
      .figures = read_list<PublishedFigure>(document, "figures", figure_from_json, file,
                                            Presence::optional),
      .statistics = read_list<ModelStatistics>(document, "model_statistics", statistics_from_json,
                                               file, Presence::optional),
      .training_runs = read_list<TrainingRun>(document, "training_runs", training_run_from_json,
                                              file, Presence::optional)};
  refuse_twins(
      records.measurements, "measurements", [](const Measurement& each) { return each.id; }, file);
  refuse_twins(
      records.accuracies, "accuracies",
      [](const Accuracy& each) { return std::tuple(each.model, each.input_size, each.test_set); },
      file);
  refuse_twins(
      records.figures, "figures",
      [](const PublishedFigure& each) {
        const Setup& setup = each.setup;
        return std::tuple(setup.id, setup.label, setup.device, setup.runtime, setup.runtime_version,
                          setup.precision, setup.threads, each.model, each.input_size);
      },
      file);
  refuse_twins(
      records.statistics, "model_statistics",
      [](const ModelStatistics& each) {
        return std::tuple(each.model, each.input_size, each.counter);
      },
      file);
  refuse_twins(
      records.training_runs, "training_runs", [](const TrainingRun& each) { return each.key(); },
      file);
  return records;
}

}  // namespace wattfor
