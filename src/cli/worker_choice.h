#pragma once

#include <optional>
#include <string>
#include <vector>

namespace wattfor::cli {

// What `wattfor sweep` says of its worker: which program it is, and how it is to run models.

// The runtimes of this program are itself, started again. Others are wattfor-worker-NAME beside it,
// in share/wattfor/workers/NAME of where it is installed, or on the PATH.
std::vector<std::string> worker_command(const std::string& worker);

struct LoadOptions {
  std::string json = "{}";  // the options of the protocol's `load`
  // As a setup's name holds what was asked for: "compile-channels-last".
  std::string variant;
};

// `words` are "KEY=VALUE"; a value that is JSON is taken as that, anything else as text. `eager` is
// every runtime's usual way and has no part in the name, nor does the library's path. Throws
// Error{usage} for a word without a key or a key that is there twice.
LoadOptions load_options(const std::optional<std::string>& mode,
                         const std::vector<std::string>& words,
                         const std::optional<std::string>& runtime_library);

}  // namespace wattfor::cli
