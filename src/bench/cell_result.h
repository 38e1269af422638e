#pragma once

#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "bench/metered_run.h"
#include "measurement/measurement.h"

namespace wattfor {

// What the replicates of a cell come to: pure arithmetic on their windows.

struct MeasuredCell {
  CellResult result;
  EnergyReport energy;  // over all replicates
  std::vector<std::string> warnings;
};

// What a protocol answers for a cell.
using CellAttempt = std::variant<MeasuredCell, WorkerFailure>;

// Replicates are independent runs, or as many sets of `launches` runs each, one set after another:
// of a part-time gauge, at stratified moments of its updates (response/launch_phases.h). Two such
// sets or more tell what the gauge did not look at by their spread, and its bounds are left out.

// One report over all windows, as if they followed one another without a gap. Within the comparison
// interval the windows' errors are independent and add up in squares; what the absolute interval
// has beyond it, the gain, is common to all and adds up linearly. So does what a net energy's
// comparison interval has beyond the gross one's: the windows have the same idle power taken off.
EnergyReport sum_of_windows(std::span<const MeteredRun> runs, int launches = 1);

// Energy per image is the mean over the replicates. Its comparison interval is the wider of what
// the replicates' spread says (Student's t) and what the windows' edges say; the absolute one has
// the gain on top, in squares. Nothing where a window has no energy: no sensor answered.
//
// `published` and `precision_reached` are left to the protocol.
std::optional<CellResult> result_of(std::span<const MeteredRun> runs, int batch_size,
                                    int launches = 1);

// The same as a cell: its result, the sum of its windows and their warnings; a failure where no
// sensor of the total answered.
CellAttempt cell_of(std::span<const MeteredRun> runs, int batch_size, int launches = 1);

// The wider side of the comparison interval over the figure; nothing where there is no interval.
std::optional<double> relative_half_width(const EnergyFigure& figure);

// Energy per image of one replicate's runs, J; nothing where a window has no energy.
std::optional<double> energy_per_image(std::span<const MeteredRun> replicate, int batch_size);

}  // namespace wattfor
