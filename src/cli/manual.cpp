#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <system_error>

#include "base/error.h"
#include "base/file.h"
#include "cli/arguments.h"
#include "cli/manual_page.h"
#include "cli/verbs.h"

namespace wattfor::cli {

int run_verb(const ManualOptions& options) {
  const CommandLine program = command_line();
  if (options.output) {
    const std::filesystem::path folder = *options.output;
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) throw error_from_errno(error.value(), "creating " + folder.string());
    write_file(folder / (program.name + ".1"), manual_page(program));
    for (const auto& verb : program.verbs) {
      write_file(folder / manual_file_name(program, verb), manual_page(program, verb));
    }
    return 0;
  }
  if (!options.verb) {
    fmt::print("{}", manual_page(program));
    return 0;
  }
  for (const auto& verb : program.verbs) {
    if (verb.name == *options.verb) fmt::print("{}", manual_page(program, verb));
  }
  return 0;
}

}  // namespace wattfor::cli
