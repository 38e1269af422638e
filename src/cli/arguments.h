#pragma once

#include <variant>

#include "cli/options.h"

namespace wattfor::cli {

// The command line as a verb's options, or the exit status where there is nothing left to do: 0
// after
// --help and --version (printed on stdout), 2 after a usage error (printed on stderr).
std::variant<Verb, int> parse_arguments(int argc, char** argv);

}  // namespace wattfor::cli
