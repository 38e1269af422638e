#pragma once

#include <variant>

#include "cli/command_line.h"
#include "cli/options.h"

namespace wattfor::cli {

// The command line as a verb's options, or the exit status where there is nothing left to do: 0
// after --help, in `width` columns, and --version (printed on stdout), 2 after a usage error
// (printed on stderr).
std::variant<Verb, int> parse_arguments(int argc, char** argv, int width);

// What parse_arguments() takes, for the man pages and the completions.
CommandLine command_line();

}  // namespace wattfor::cli
