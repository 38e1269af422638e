#pragma once

#include <span>

#include "analysis/training_findings.h"
#include "document/figure.h"
#include "document/result_table.h"
#include "measurement/training_run.h"

// What share of the electricity each phase of a training took (the training study, figure 4). The
// shares are of the `runs` that they name by their places.
namespace wattfor {

ResultTable phase_shares_table(std::span<const TrainingRun> runs,
                               std::span<const PhaseShares> shares);

Figure phase_shares_figure(std::span<const TrainingRun> runs, std::span<const PhaseShares> shares);

}  // namespace wattfor
