#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wattfor::cli {

// One word of bash and zsh, to the letter, whatever is in it.
std::string shell_quoted(std::string_view text);

// One word of fish, which knows \' and \\ inside quotes.
std::string fish_quoted(std::string_view text);

// The words, each quoted, with blanks between.
std::string shell_quoted(const std::vector<std::string>& words);

}  // namespace wattfor::cli
