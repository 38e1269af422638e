#pragma once

#include <string>

#include "dataset/imported_tables.h"

namespace wattfor {

// emissions.csv, as CodeCarbon writes it since its first versions: a run a row, energies in kWh.
// Columns are found by their names; timestamp, duration and energy_consumed must be there. Each run
// becomes a record with its id, name, start, duration and the energies of its processors, memory
// and GPUs.
//
// CodeCarbon does not say how a figure came about. Its memory is always a model (3 W for each 8 GB;
// from version 3 on 5 W a module), its processors may be (a TDP, times the load from version 3 on)
// or RAPL: both count as modelled, and say so. A zero beside a device that is named is no energy
// but a failed read: missing. The time is local without its zone and is taken for UTC. Where a
// data centre's PUE was given the energies hold it. A run that stands there several times was
// flushed: the longest counts, as each holds those before.
//
// A row whose parts do not add up to energy_consumed is left out. Throws Error naming the file
// where it is no such table.
ImportedTables read_codecarbon(const std::string& file);

}  // namespace wattfor
