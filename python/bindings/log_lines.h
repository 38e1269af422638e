#pragma once

#include <string>
#include <vector>

namespace wattfor::python {

// Keeps what the library logs as warnings, until somebody takes it: a sampling thread must not wait
// for the interpreter's lock to pass a line on. The oldest of too many lines are dropped.
void keep_log_lines();
std::vector<std::string> take_log_lines();

}  // namespace wattfor::python
