#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "measurement/measurement.h"

namespace wattfor {

// How a job is named where a run may be: "job:4711".
inline constexpr std::string_view job_prefix = "job:";

// What a job used on all its nodes, from the records of its runs there, as one record, whose id is
// `job_prefix` and the job's name.
//
// A record holds a whole node (the host of its name), so of those of one node that overlap in time
// the longest counts, and of the others the share that lies outside of it, as if their power had
// been the same all the time; a warning names them. Energies add up with both intervals, linearly,
// which can only be too wide; a node without a figure leaves the sum without one. An epoch is the
// job's where every node has it: its energy is the sum, its duration the longest. What was told of
// the training is that of the first record that was told it.
//
// `runs` is not empty. Throws Error{invalid_input} where one began at no time.
Measurement job_record(const std::string& job, std::span<const Measurement* const> runs);

// The jobs that the runs among the records belong to (job_of), in the order of their first run.
std::vector<std::string> jobs_among(std::span<const Measurement> records);

// The records of a job's runs; cells of sweeps are none.
std::vector<const Measurement*> runs_of_job(std::span<const Measurement> records,
                                            std::string_view job);

}  // namespace wattfor
