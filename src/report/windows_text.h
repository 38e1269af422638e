#pragma once

#include <string>

#include "measurement/measurement.h"

namespace wattfor {

// The windows that a run's program marked, a line for each sort of them: what came before the
// first epoch, the epochs, what lay between them, and the windows of each name. Empty where it
// marked none. The intervals of a sum add up linearly, which can only be too wide.
std::string windows_table(const Measurement& run, int width);

// What the program told of its training, in a sentence; empty where it told nothing.
std::string training_sentence(const Measurement& run);

}  // namespace wattfor
