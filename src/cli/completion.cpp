#include <fmt/format.h>

#include <cstdio>

#include "cli/arguments.h"
#include "cli/completion_script.h"
#include "cli/verbs.h"

namespace wattfor::cli {

int run_verb(const CompletionOptions& options) {
  const CommandLine program = command_line();
  fmt::print("{}", options.shell == "bash"  ? bash_completion(program)
                   : options.shell == "zsh" ? zsh_completion(program)
                                            : fish_completion(program));
  return 0;
}

}  // namespace wattfor::cli
