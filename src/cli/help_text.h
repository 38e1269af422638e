#pragma once

#include <string>

#include "cli/command_line.h"

// What `--help` answers, from what the manual pages are made of; lines are at most `width` columns
// where their words allow it. Examples stay whole, so that they can be copied.
namespace wattfor::cli {

std::string help_text(const CommandLine& program, int width);
std::string help_text(const CommandLine& program, const VerbSyntax& verb, int width);

}  // namespace wattfor::cli
