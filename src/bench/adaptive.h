#pragma once

#include "bench/cell_result.h"
#include "bench/metered_run.h"
#include "bench/worker.h"
#include "measurement/measurement.h"
#include "units/quantity.h"

namespace wattfor {

struct AdaptiveLimits {
  double target = 0.01;  // relative 95 % half-width of energy per image
  Seconds budget{3.0};   // of one cell, without its warm-up
};

// How long the runs of a cell are.
struct ReplicateLengths {
  Seconds pilot;
  Seconds shortest;
  Seconds longest;
};

// The pilot is three updates of the slowest sensor, at least 0.1 s and at most an eighth of the
// budget; a replicate ten updates, at least 0.1 s, and at most a fifth of what the pilot left.
ReplicateLengths replicate_lengths(Seconds slowest_update, Seconds budget);

// The length at which the edges of a window are within `target` of its energy, judged by the pilot
// (an edge costs the same joules however long the window is); over the four replicates of the
// fewest, the edges then take half of the target.
Seconds replicate_length(const MeteredRun& pilot, double target, const ReplicateLengths& lengths);

// Five batches, or as many as fit into the longest replicate where they are long: at least one.
int replicate_batches(const MeteredRun& pilot, const ReplicateLengths& lengths);

// Measures a cell until it is known well enough: a warm-up run, a pilot that sets the replicates'
// length and is then dropped (clocks and caches settle in it), and replicates of that length that
// begin at random moments of the slowest sensor's period. Where a gauge of the total looks part of
// the time, a replicate is a set of launches at stratified moments of its updates
// (response/launch_phases.h): what one doesn't show another does, and the spread of the sets tells
// how well. A set in which a sensor missed something tells nothing and costs time. It ends when
// both the replicates' spread and the windows' edges are within the target, or when the budget is
// spent: at least four replicates where it allows, two where single batches eat it (the pilot then
// counts). `cell.replicates`, where set, is the number of replicates whatever they cost.
CellAttempt measure_adaptive(const RunMeter& run_meter, Worker& worker, const Cell& cell,
                             const AdaptiveLimits& limits);

}  // namespace wattfor
