#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "measurement/measurement.h"
#include "measurement/training.h"
#include "measurement/training_run.h"

namespace wattfor {

// A run may be named by the beginning of its id, this long at least, where no other begins so.
inline constexpr std::size_t shortest_id_prefix = 4;

// Whose making is asked for.
struct LineageQuery {
  std::vector<std::size_t> runs;  // places in the records
  // What each of them builds on besides what its record says.
  std::vector<std::size_t> also_built_on = {};
  // Over how many uses the runs that they build on are shared, in place of what their records say.
  std::optional<double> uses = std::nullopt;
};

// A run that took part in the making, and how much of its energy counts, above 0 up to 1.
struct LineagePart {
  std::size_t run = 0;
  double share = 1.0;
};

// A run that one builds on and that the records lack, or of which several have an id that begins
// so.
struct MissingRun {
  std::string id;
  std::size_t needed_by = 0;
};

// The runs asked for and those that they were built on, and so on. One that several build on counts
// once, with the sum of their shares, at most whole.
struct Lineage {
  std::vector<LineagePart> making;  // what others build on comes before them
  // Of a finished model, counted apart: those that were asked for, and those that build on one of
  // them.
  std::vector<std::size_t> tests;
  std::vector<MissingRun> missing;
};

// Throws Error{invalid_input} where runs build on each other in a circle, a number of uses is below
// one, or several ids begin with what a run says that it builds on.
Lineage lineage_of(std::span<const Measurement> records, const LineageQuery& query);

// The energy of all that made a model, tests apart: what SAM asks for.
struct MakingEnergy {
  std::optional<EnergyFigure> energy;  // of the parts that have one; sum_of() them
  Basis basis = Basis::missing;        // the weakest of theirs
  std::vector<std::size_t> unknown;    // runs without an energy: the sum is short of theirs
};
MakingEnergy making_energy(std::span<const Measurement> records, const Lineage& lineage);

// The same by phases, tests too, each apart: `train` holds no pre-training.
TrainingRun phases_of(std::span<const Measurement> records, const Lineage& lineage);

Phase phase_of(const Measurement& run);  // training, where its program told nothing

}  // namespace wattfor
