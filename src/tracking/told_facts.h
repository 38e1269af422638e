#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "measurement/training.h"

namespace wattfor {

// The words by which a fact is told: "model", "task", "dataset", "phase", "epochs_total",
// "data_fraction", "batch_size", "metric", "accuracy" (a share in [0, 1]), "accuracy_percent",
// "builds_on" (the id of a run's record, with ":N" where its energy is shared over N uses; each run
// told is added, once).
std::vector<std::string_view> fact_words();

// Takes in one fact, as its text. Throws Error{invalid_input}, and leaves the facts as they are,
// for an unknown word and a value that can't be: it says what was expected.
void tell(TrainingFacts& facts, std::string_view word, std::string_view value);

// The same of "word=value".
void tell(TrainingFacts& facts, std::string_view word_and_value);

// What each fact may be. Throw Error{invalid_input}.
void require_epochs(std::int64_t epochs, std::string_view word);  // 1 … 10⁹
void require_data_fraction(double share);                         // 10⁻⁹ … 1
void require_accuracy(double share);                              // 0 … 1
void require_accuracy_percent(double percent);                    // 0 … 100

}  // namespace wattfor
