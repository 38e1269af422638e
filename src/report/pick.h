#pragma once

#include <array>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/model_family.h"
#include "measurement/measurement.h"
#include "measurement/model_table.h"
#include "report/judged_setup.h"
#include "report/model_figures.h"

namespace wattfor {

// What makes a model the best of those that pass.
enum class Objective { energy, accuracy, manhattan, log_manhattan, efficiency };
template <>
inline constexpr std::array enumerators<Objective>{Objective::energy, Objective::accuracy,
                                                   Objective::manhattan, Objective::log_manhattan,
                                                   Objective::efficiency};
std::string_view name_of(Objective objective);

// Limits on a model; absent ones limit nothing. A model of which a limited quantity is not known
// doesn't pass.
struct PickQuery {
  SetupChoice where;
  // Absent: the least energy under a minimum accuracy, the greatest accuracy under an energy limit
  // alone, else the Manhattan score.
  std::optional<Objective> by;
  std::optional<double> min_accuracy_percent;
  std::optional<double> max_energy_j;  // per image
  std::optional<double> max_latency_ms;
  std::optional<double> min_throughput_per_s;
  std::optional<double> max_parameters;
  std::optional<double> max_memory_bytes;
  std::optional<ModelClass> model_class;
  std::optional<int> year_from;
  std::optional<int> year_to;
  std::optional<int> input_size;
  std::optional<int> max_input_size;
  std::optional<std::string> family;  // a name of model_families()
};

// Throws Error{usage} where a limit is none or two contradict each other, Error{not_found} for a
// family that is not known. pick() does it, too; this one needs no models.
void require_limits(const PickQuery& query);

struct PickedModel : ModelFigures {
  std::optional<double> parameters;
  const ModelFamily* family = nullptr;  // null where it is not known
};

// A limit, what it removes, and, where nothing passes, how far it must be loosened alone.
struct PickLimit {
  std::string option;  // "--max-energy-j 0.5"
  std::size_t beyond = 0;
  std::size_t unknown = 0;
  std::size_t only = 0;  // of both: removed by this limit alone
  struct Loosened {
    std::string option;  // "--max-energy-j 0.7", that lets `model` pass; empty: leave it out
    std::string model;   // MODEL or MODEL@INPUT_SIZE, the nearest to the limit
  };
  std::optional<Loosened> loosened;
};

// The model that misses the fewest limits, where no single one can be loosened to let one pass.
struct NearestMiss {
  std::string model;
  std::vector<std::string> options;  // those that it misses
};

struct PickView {
  Setup setup;
  Objective by = Objective::manhattan;
  std::vector<std::string> test_sets;
  std::string counter;            // of the parameters; empty where none are needed or known
  std::size_t models = 0;         // of the setup that have an energy
  std::size_t passed = 0;         // all limits
  std::vector<PickedModel> best;  // the best, then the runners-up
  std::vector<PickLimit> limits;
  std::optional<NearestMiss> nearest_miss;
};

// Throws as judged_setup() and require_limits() do. `runners_up` are shown beside the best.
PickView pick(const ModelTable& table, const PickQuery& query, std::size_t runners_up = 4);

nlohmann::json to_json(const PickView& view);
std::string pick_text(const PickView& view, int width);

}  // namespace wattfor
