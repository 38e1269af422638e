#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/scores.h"
#include "measurement/model_table.h"

namespace wattfor {

// Where models are judged. An absent setup is the only one there is; no test set stands for
// `imagenet-original`, or the only one that the setup's models have.
struct SetupChoice {
  std::optional<std::string> setup;    // its id
  std::vector<std::string> test_sets;  // the accuracy is the mean over them
};

// The models of one setup with their accuracies: what every choice among them starts from. Columns
// have one number a row of the table, NaN where it is unknown. Points into the table.
struct JudgedSetup {
  const SetupColumns* columns = nullptr;
  std::vector<std::string> test_sets;
  std::vector<double> energy_j;          // per image
  std::vector<double> accuracy_percent;  // the mean over the test sets; as it was published
  EnergyRange energies;                  // over all models of the setup
  std::vector<bool> on_front;            // of the models that have a score
};

// Throws Error{usage} where the setup or the test set must be chosen (it lists them),
// Error{not_found} where there is no such thing.
JudgedSetup judged_setup(const ModelTable& table, const SetupChoice& choice);

// The same in steps. Without a test set no accuracy is known, and nothing is on the front.
JudgedSetup judge(const ModelTable& table, const SetupColumns& columns,
                  std::vector<std::string> test_sets);
const SetupColumns& chosen_setup(const ModelTable& table, const std::optional<std::string>& asked);
std::vector<std::string> chosen_test_sets(const ModelTable& table, const SetupColumns& columns,
                                          const std::vector<std::string>& asked);
// In their order: a test set that is named twice counts once in a mean.
std::vector<std::string> each_once(const std::vector<std::string>& names);
// What stands for no test set; empty where there is none or it must be chosen.
std::vector<std::string> implied_test_sets(const ModelTable& table, const SetupColumns& columns);

// The accuracies, NaN for what can't be judged: one beyond 100 % beats nothing.
std::vector<double> judgeable_accuracy(const JudgedSetup& setup);

// The setup of that id; Error{not_found} with the nearest one where there is none.
const SetupColumns& required_setup(const ModelTable& table, const std::string& id);

// Whether the model was tried on the setup, or published of it.
bool is_of_setup(const SetupColumns& columns, std::size_t row);

// The sizes at which a model has an accuracy on any test set, "224 and 384"; empty where it has
// none.
std::string sizes_with_accuracy(const ModelTable& table, const std::string& model);

}  // namespace wattfor
