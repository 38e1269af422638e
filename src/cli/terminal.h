#pragma once

#include <cstdio>

namespace wattfor::cli {

// True where the stream is a terminal that a person looks at.
bool is_terminal(std::FILE* stream);

// Columns of the terminal behind the stream; 100 where it is a file or a pipe.
int terminal_width(std::FILE* stream);

// Colour only on a terminal and never with NO_COLOR or TERM=dumb.
bool wants_colour(std::FILE* stream);

}  // namespace wattfor::cli
