#pragma once

#include <string>

#include "report/predict.h"

namespace wattfor {

// The prediction, what it rests on, and how far such predictions are off, in at most `width`
// columns where the names allow it.
std::string prediction_text(const PredictView& view, int width);

}  // namespace wattfor
