#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "report/footprint_view.h"

// The runs of a footprint as CodeCarbon's emissions.csv (the columns of its version 3.3), for what
// reads that file. Durations in s, emissions in kg, emissions_rate in kg/s, powers in W, energies
// in kWh, memory in GB; what is not known is empty, never 0.
namespace wattfor {

std::string emissions_header();  // without its line end

// A line for each run that was asked for: the run alone, with the data centre's share in powers and
// energies alike. Throws Error{invalid_input} where a run's end is no time,
// or it is simulated.
std::vector<std::string> emissions_rows(const FootprintView& view);

// The file with these rows: header and all where there is none, or an empty one, else behind what
// is there. Throws Error{invalid_input} where its header is another or it has a run's id already.
void append_emissions(const std::filesystem::path& file, const FootprintView& view);

}  // namespace wattfor
