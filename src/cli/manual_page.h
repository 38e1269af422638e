#pragma once

#include <string>
#include <string_view>

#include "cli/command_line.h"

// Manual pages in the man macros of roff: plain ASCII, every other letter an escape, so that any
// roff shows it whatever its input encoding.
namespace wattfor::cli {

// wattfor(1): the verbs, and what holds for all of them.
std::string manual_page(const CommandLine& program);

// wattfor-VERB(1). Sections of the program that the verb has none of its own of (environment,
// files, exit status) are told again; its examples are not.
std::string manual_page(const CommandLine& program, const VerbSyntax& verb);

// The page's file name, "wattfor-sweep.1".
std::string manual_file_name(const CommandLine& program, const VerbSyntax& verb);

// Text as roff shows it to the letter, wherever it stands in a line: no hyphen that becomes
// another, no request, no escape, no end of an argument.
std::string roff(std::string_view text);

}  // namespace wattfor::cli
