#include "report/pick_limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <span>
#include <utility>

#include "base/error.h"
#include "report/nearest_word.h"

namespace wattfor {
namespace {

void refuse_unless(bool holds, const std::string& message) {
  if (!holds) throw Error(ErrorCode::usage, message);
}

// Written so that NaN, which compares to nothing, is refused, too.
void require_positive(const std::optional<double>& limit, std::string_view option,
                      std::string_view unit) {
  if (!limit) return;
  refuse_unless(*limit > 0.0 && std::isfinite(*limit),
                fmt::format("{} is {}: expected {} above 0", option, *limit, unit));
}

double place_of_family(const std::string& name) {
  const auto families = model_families();
  const auto found = std::ranges::find(families, name, &ModelFamily::name);
  return static_cast<double>(found - families.begin());
}

const CounterColumns* best_counter(const ModelTable& table, const JudgedSetup& setup) {
  const CounterColumns* best = nullptr;
  std::ptrdiff_t most = 0;
  for (const CounterColumns& counter : table.counters) {
    std::ptrdiff_t known = 0;
    for (std::size_t row = 0; row < table.rows(); ++row) {
      known += !std::isnan(setup.energy_j[row]) && !std::isnan(counter.parameters[row]) ? 1 : 0;
    }
    if (known > most) best = &counter;
    most = std::max(most, known);
  }
  return best;
}

// Three digits, up or down, of a number no nearer to zero than the value or no farther.
std::string rounded(double value, bool upwards) {
  const double step = std::pow(10.0, std::floor(std::log10(std::abs(value))) - 2.0);
  const double steps = upwards ? std::ceil(value / step) : std::floor(value / step);
  const std::string text = fmt::format("{:.3g}", steps * step);
  // A value that has three digits itself may be missed by its last bit.
  const double read = std::strtod(text.c_str(), nullptr);
  const bool lets_pass = upwards ? read >= value : read <= value;
  return lets_pass ? text : fmt::format("{}", value);
}

}  // namespace

void require_limits(const PickQuery& query) {
  if (const auto minimum = query.min_accuracy_percent) {
    refuse_unless(
        *minimum >= 0.0 && *minimum <= 100.0,
        fmt::format("--min-accuracy is {}: expected a percentage from 0 to 100", *minimum));
  }
  require_positive(query.max_energy_j, "--max-energy-j", "joules");
  require_positive(query.max_latency_ms, "--max-latency-ms", "milliseconds");
  require_positive(query.min_throughput_per_s, "--min-throughput", "images a second");
  require_positive(query.max_parameters, "--max-parameters", "a number");
  require_positive(query.max_memory_bytes, "--max-memory-bytes", "bytes");
  for (const auto& [size, option] : {std::pair(query.input_size, "--input-size"),
                                     std::pair(query.max_input_size, "--max-input-size")}) {
    refuse_unless(!size || *size > 0,
                  fmt::format("{} is {}: expected pixels above 0", option, size.value_or(0)));
  }
  refuse_unless(!query.year_from || !query.year_to || *query.year_from <= *query.year_to,
                fmt::format("--year-from {} lies after --year-to {}: no year is in both",
                            query.year_from.value_or(0), query.year_to.value_or(0)));
  refuse_unless(
      !query.input_size || !query.max_input_size || *query.input_size <= *query.max_input_size,
      fmt::format("--input-size {} lies above --max-input-size {}", query.input_size.value_or(0),
                  query.max_input_size.value_or(0)));
  if (!query.family) return;
  const std::vector<std::string> families = family_names();
  if (std::ranges::find(families, *query.family) != families.end()) return;
  throw Error(ErrorCode::not_found,
              fmt::format("there is no family '{}'; did you mean '{}'?", *query.family,
                          nearest_word(*query.family, families)));
}

PickColumns columns_for(const ModelTable& table, const JudgedSetup& setup, const PickQuery& query) {
  PickColumns columns;
  if (query.model_class || query.family || query.year_from || query.year_to) {
    columns.traits = traits_of(table.models);
  }
  if (query.input_size || query.max_input_size) {
    columns.input_size.reserve(table.rows());
    for (const ModelKey& key : table.models) {
      columns.input_size.push_back(key.input_size == 0 ? not_known : key.input_size);
    }
  }
  if (query.max_parameters) columns.counter = best_counter(table, setup);
  return columns;
}

std::vector<AskedLimit> limits_of(const PickQuery& query, Objective by, const JudgedSetup& setup,
                                  const PickColumns& columns) {
  const SetupColumns& measured = *setup.columns;
  std::vector<AskedLimit> limits;
  const auto add = [&](std::string_view option, std::string value, ColumnLimit column,
                       bool is_kind = false) {
    limits.push_back(
        {.option = option, .value = std::move(value), .column = column, .is_kind = is_kind});
  };
  const auto at_most = [&](std::string_view option, auto most, std::span<const double> column) {
    if (!most) return;
    add(option, fmt::format("{}", *most), {.column = column, .most = static_cast<double>(*most)});
  };
  const auto at_least = [&](std::string_view option, auto least, std::span<const double> column,
                            double most = std::numeric_limits<double>::infinity()) {
    if (!least) return;
    add(option, fmt::format("{}", *least),
        {.column = column, .least = static_cast<double>(*least), .most = most});
  };
  const auto exactly = [&](std::string_view option, std::string value, double number,
                           std::span<const double> column, bool is_kind) {
    add(option, std::move(value), {.column = column, .least = number, .most = number}, is_kind);
  };

  at_least("--min-accuracy", query.min_accuracy_percent, setup.accuracy_percent, 100.0);
  if (!query.min_accuracy_percent && by != Objective::energy) {
    add(needs_accuracy, std::string(name_of(by)), {setup.accuracy_percent, 0.0, 100.0}, true);
  }
  at_most("--max-energy-j", query.max_energy_j, setup.energy_j);
  at_most("--max-latency-ms", query.max_latency_ms, measured.latency_ms.values());
  at_least("--min-throughput", query.min_throughput_per_s, measured.throughput_per_s.values());
  at_most("--max-parameters", query.max_parameters,
          columns.counter == nullptr ? std::span<const double>()
                                     : columns.counter->parameters.values());
  at_most("--max-memory-bytes", query.max_memory_bytes, measured.memory_bytes.values());
  if (query.model_class) {
    exactly("--class", std::string(name_of(*query.model_class)), number_of(*query.model_class),
            columns.traits.model_class, true);
  }
  if (query.family) {
    exactly("--family", *query.family, place_of_family(*query.family), columns.traits.family, true);
  }
  at_least("--year-from", query.year_from, columns.traits.year);
  at_most("--year-to", query.year_to, columns.traits.year);
  if (query.input_size) {
    exactly("--input-size", fmt::format("{}", *query.input_size), *query.input_size,
            columns.input_size, false);
  }
  at_most("--max-input-size", query.max_input_size, columns.input_size);
  for (AskedLimit& each : limits) {
    each.is_whole = each.option.starts_with("--year") || each.option.ends_with("input-size");
  }
  return limits;
}

std::string loosened_option(const AskedLimit& limit, double value) {
  if (limit.is_kind || std::isnan(value)) return "";
  if (limit.is_whole) return fmt::format("{} {}", limit.option, value);
  return fmt::format("{} {}", limit.option, rounded(value, value > limit.column.most));
}

}  // namespace wattfor
