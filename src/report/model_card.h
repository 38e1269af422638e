#pragma once

#include <string>

#include "report/footprint_view.h"

namespace wattfor {

// The metadata `co2_eq_emissions` of a Hugging Face model card, as YAML: emissions in grams of CO2
// equivalent, with where the figure comes from, what was trained, where, and on what. Tests are not
// in it. Throws Error{usage} where there are no emissions to state, as no region was said,
// {invalid_input} where a run is simulated.
std::string model_card_metadata(const FootprintView& view);

}  // namespace wattfor
