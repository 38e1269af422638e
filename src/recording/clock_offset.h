#pragma once

#include <span>
#include <string>

#include "recording/marks.h"
#include "recording/reference_power.h"
#include "response/kernel.h"
#include "response/update_series.h"
#include "units/quantity.h"

namespace wattfor {

// What lies between a log's clock, which shows local time without a zone, and UTC, in which marks
// and references are: zones lie whole quarter-hours from UTC, from −12 to +14 h.
struct ClockOffset {
  Seconds offset{0.0};  // the log's time less UTC
  std::string how;      // how it is known, in words
};

// The quarter-hours under which some marks lie in the log; where there are several, those under
// which power inside the marks differs clearly more from that outside than under any other. Throws
// Error{invalid_input} naming `file`, the log's, where no mark lies in it whatever the zone, and
// where zones can't be told apart: the call has to name it then.
ClockOffset offset_from_marks(std::span<const Update> polls, std::span<const Mark> marks,
                              const std::string& file);

// The same by how well readings and reference go together.
ClockOffset offset_from_reference(std::span<const Update> polls, const ReferencePower& reference,
                                  const std::string& file);

// What is left of the offset after the quarter-hours, as two clocks differ by some 10 ms: the shift
// within ±250 ms under which the reference, seen through the kernel, goes together best with the
// updates. It can't be told from a delay of the sensor, which is in it. `offset` is the whole
// quarter-hours; zero where the power never changes.
Seconds remaining_offset(const UpdateSeries& series, const Kernel& kernel,
                         const ReferencePower& reference, Seconds offset);

}  // namespace wattfor
