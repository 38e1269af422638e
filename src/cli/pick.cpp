#include "report/pick.h"

#include <fmt/format.h>

#include <cstdio>

#include "base/error.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "measurement/json.h"
#include "report/models.h"
#include "store/store.h"

namespace wattfor::cli {
namespace {

constexpr int nothing_passes = 1;

// A word that names none would otherwise limit nothing.
template <class Enum>
std::optional<Enum> named(const std::optional<std::string>& word) {
  if (!word) return std::nullopt;
  const std::optional<Enum> found = from_name<Enum>(*word);
  if (!found) throw Error(ErrorCode::usage, fmt::format("'{}' names nothing here", *word));
  return found;
}

}  // namespace

int run_verb(const PickOptions& options) {
  const PickQuery query{.where = {.setup = options.setup, .test_sets = options.test_sets},
                        .by = named<Objective>(options.by),
                        .min_accuracy_percent = options.min_accuracy_percent,
                        .max_energy_j = options.max_energy_j,
                        .max_latency_ms = options.max_latency_ms,
                        .min_throughput_per_s = options.min_throughput_per_s,
                        .max_parameters = options.max_parameters,
                        .max_memory_bytes = options.max_memory_bytes,
                        .model_class = named<ModelClass>(options.model_class),
                        .year_from = options.year_from,
                        .year_to = options.year_to,
                        .input_size = options.input_size,
                        .max_input_size = options.max_input_size,
                        .family = options.family};
  require_limits(query);
  const Store store(store_path(options.db), StoreAccess::read);
  const PickView view = pick(models_of(store), query);
  fmt::print(
      "{}", options.json ? dump(to_json(view), 2) + "\n" : pick_text(view, terminal_width(stdout)));
  return view.passed > 0 ? 0 : nothing_passes;
}

}  // namespace wattfor::cli
