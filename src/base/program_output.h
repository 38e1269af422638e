#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/subprocess.h"

namespace wattfor {

// What a program wrote, and how it ended.
struct ProgramOutput {
  std::optional<ExitStatus> status;  // nothing where it was killed: it took too long
  // It did not die of that either: it hangs in the kernel, and another one like it would too.
  bool left_behind = false;
  std::string output;  // of its stdout and its stderr the first `most_bytes` each
  std::string messages;
};

// Runs a program to its end without input. One that takes longer than `longest` is killed, and left
// behind where it has not died of that some seconds later. Throws Error as Subprocess does where it
// can't be started.
ProgramOutput output_of(const std::vector<std::string>& command, std::chrono::milliseconds longest,
                        std::size_t most_bytes = 1 << 16);

}  // namespace wattfor
