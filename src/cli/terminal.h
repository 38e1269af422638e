#pragma once

#include <cstdio>
#include <string_view>

namespace wattfor::cli {

// True where the stream is a terminal that a person looks at.
bool is_terminal(std::FILE* stream);

// Columns of the terminal behind the stream; 100 where it is a file or a pipe.
int terminal_width(std::FILE* stream);

// Writes to standard error. A stream that takes nothing (a full disk, a closed pipe) is passed
// over: what is said beside the work must never end the work.
void say(std::string_view text);

}  // namespace wattfor::cli
