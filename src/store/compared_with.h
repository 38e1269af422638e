#pragma once

namespace wattfor {

// The records of its key that decide whether one is new.
enum class ComparedWith {
  newest,  // a table that somebody wrote: it may also go back to an earlier value
  all,     // an export: it may be older than a correction here, which it must not undo
};

}  // namespace wattfor
