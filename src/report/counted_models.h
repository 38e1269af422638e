#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "analysis/prediction_input.h"
#include "measurement/model_table.h"

namespace wattfor {

// The models of a setup whose energy is known, with what one counter counted in them: energies are
// predicted from these.
struct CountedModels {
  CounterColumns
      counts;  // filled up from the architectures; counts that can't be right are unknown
  bool with_activations = false;  // whether the counter counts them; then every row has them
  std::vector<std::size_t> rows;  // of the table
  std::size_t uncounted = 0;      // models of the setup that have an energy and no such counts

  // What the counter says of a row; nothing where it does not say all. It looks at the table.
  std::optional<PredictionInput> input(const ModelTable& table, std::size_t row) const;
};

// By this counter. Without a name: by the one that counts the activations, too, in most of the
// setup's models; where none counts activations, by the one with the most of the rest. Nothing
// where there is no such counter.
std::optional<CountedModels> counted_models(const ModelTable& table, const SetupColumns& setup,
                                            const std::optional<std::string>& counter);

}  // namespace wattfor
