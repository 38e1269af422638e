#include "tracking/mark.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "base/error.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "document/text_table.h"
#include "tracking/mark_socket.h"

namespace wattfor::cli {
namespace {

// Each fact is a mark of its own; anything else is one.
std::vector<std::string> lines_of(const std::vector<std::string>& words) {
  if (words.front() != "set") return {fmt::format("{}", fmt::join(words, " "))};
  std::vector<std::string> lines;
  lines.reserve(words.size());
  for (std::size_t i = 1; i < words.size(); ++i) lines.push_back("set " + words[i]);
  if (lines.empty()) lines.emplace_back("set");
  return lines;
}

}  // namespace

int run_verb(const MarkOptions& options) {
  const std::vector<std::string> lines = lines_of(options.words);
  for (const std::string& line : lines) {
    try {
      parse_mark(line);
    } catch (const Error& error) {
      throw Error(ErrorCode::usage, error.what());
    }
  }
  const char* path = std::getenv(marks_variable);
  if (path == nullptr || *path == '\0') {
    say("wattfor: nothing is marked: this is no command of `wattfor run`\n");
    return 0;
  }
  std::vector<std::string> refusals;
  try {
    refusals = send_marks(path, lines);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_found) throw;
    say(fmt::format("wattfor: nothing is marked: {}\n", printable_lines(error.what())));
    return 0;
  }
  for (const std::string& refusal : refusals) {
    say(fmt::format("wattfor: {}\n", printable_lines(refusal)));
  }
  return refusals.empty() ? 0 : 1;
}

}  // namespace wattfor::cli
