#pragma once

#include <string>

#include "cli/command_line.h"

// The script that a shell completes the command line with: verbs, each verb's options, the choices
// of an option, file names where a FILE is expected, and behind `--` of a verb that takes a COMMAND
// whatever that command itself is completed with. Each stands in the file of its shell.
namespace wattfor::cli {

std::string bash_completion(
    const CommandLine& program);  // bash 4.4; bash-completion is made use of
std::string zsh_completion(
    const CommandLine& program);  // sourced, or _wattfor in a folder of fpath
std::string fish_completion(const CommandLine& program);  // fish 3.1

}  // namespace wattfor::cli
