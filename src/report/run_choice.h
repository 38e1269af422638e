#pragma once

#include <span>
#include <string>
#include <vector>

#include "measurement/measurement.h"

namespace wattfor {

// The run that a user's word means among a store's records: the one with that id, else the one with
// that name, else the one whose id begins so (four characters or more). Cells of sweeps are no
// runs.
// Throws Error{usage} where several fit: it lists their ids, dates and energies, the newest first;
// Error{not_found} with the nearest name where none does, or where the id is that of a cell.
const Measurement& required_run(std::span<const Measurement> records, const std::string& word);

// The records, and behind them a record of each job that a word names ("job:4711"; job_record.h),
// so that a job may stand where a run may. Throws Error{not_found} where there is no such job: it
// lists those that there are.
std::vector<Measurement> with_jobs(std::vector<Measurement> records,
                                   std::span<const std::string> words);

// The same for several words, in their order. Throws Error{usage} where two of them mean one run.
// The records must outlive what is returned.
std::vector<const Measurement*> required_runs(std::span<const Measurement> records,
                                              std::span<const std::string> words);

}  // namespace wattfor
