#pragma once

#include <filesystem>

#include "sensor/perf_events.h"
#include "sensor/rapl_zone.h"

namespace wattfor {

// What a socket's counters count: its dies one by one, or the whole of it.
enum class RaplScope { die, package };

// The counters through perf events (`sysfs_root`/bus/event_source/devices/power; kernel
// arch/x86/events/rapl.c): an event for each domain, opened on the one CPU of every die or package
// that `cpumask` names. A count is 2⁻³² J whatever the register's unit is: the units that differ
// (DRAM of Haswell-EP to Ice Lake-SP, psys of Sapphire Rapids) are the kernel's business, and its
// alone. It counts from its opening.
//
// There is no range: the kernel adds up 64 bits and looks after the register's wraps by a timer. As
// that reckons with 200 W, a counter that nobody reads for minutes (6 of them at 350 W and 61 µJ)
// may come back lower, which the meter tells from joules.
//
// `scope` package: the register is the package's (all of AMD's and Hygon's), so one CPU of a
// package is opened even if `cpumask` names one of each die, as it does under Linux 6.9.
//
// Registers that read zero when the kernel starts, as a virtual machine's do, have no event. A
// reader CPU that goes offline hands its events to another one of its die; where none is left, the
// counter stands still, which the meter tells from zero joules.
RaplFindings find_rapl_perf(const std::filesystem::path& sysfs_root, RaplScope scope,
                            PerfEvents& events);

}  // namespace wattfor
