#include "report/top_help.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "document/text_table.h"

namespace wattfor {
namespace {

struct Explained {
  const char* word;
  const char* meaning;
};

constexpr std::array<Explained, 7> the_keys{{{"q  Ctrl-C", "quit"},
                                             {"p", "hold it; energies go on"},
                                             {"+  -", "longer, shorter interval"},
                                             {"r", "count energies from zero"},
                                             {"up  down", "scroll"},
                                             {"n", "all notes, whole"},
                                             {"?", "this help"}}};
constexpr std::array<Explained, 7> the_words{
    {{"power", "mean of the latest interval; its sensors may tell a second late"},
     {"last minute", "mean power, scaled to the row's highest; blank: not seen"},
     {"energy", "since the start, with its 95 % interval where there is room"},
     {"peak", "the highest sampled; of the total, of one interval"},
     {"basis",
      "measured by a sensor, modelled (computed from the load), or missing: nothing could be read. "
      "Missing is never 0."},
     {"·", "not in the total: inside another component, or a second sensor of it"},
     {"cpu", "of one logical CPU: 250 % keeps two and a half busy"}}};
constexpr const char* whose =
    "Energy is that of the machine. It is not divided among the processes: no sensor tells who "
    "used it.";

void append_wrapped(std::vector<TopLine>& lines, const std::string& text, int width, int indent) {
  for (std::string& line : split_lines(wrapped_text(text, width, indent))) {
    lines.push_back({std::move(line), TopLook::plain});
  }
}

}  // namespace

std::vector<TopLine> top_help(const TopFrame& frame, const TopPen& pen, std::size_t room) {
  constexpr int both_keys = 80;  // columns, for two keys a line
  constexpr int word_columns = 13;
  std::vector<TopLine> lines;
  append_wrapped(lines, "wattfor top: power now, energy since the start", frame.width, 0);
  const std::size_t a_line = frame.width < both_keys ? 1 : 2;
  for (std::size_t i = 0; i < the_keys.size(); i += a_line) {
    std::string text;
    for (std::size_t j = i; j < std::min(i + a_line, the_keys.size()); ++j) {
      text += fmt::format("  {:<9}  {:<26}", the_keys.at(j).word, the_keys.at(j).meaning);
    }
    text.erase(text.find_last_not_of(' ') + 1);
    lines.push_back({std::move(text), TopLook::plain});
  }
  lines.push_back({});
  for (const Explained& word : the_words) {
    const std::string shown = pen.shown(word.word);
    const auto blanks = static_cast<std::size_t>(word_columns - display_width(shown));
    append_wrapped(lines, shown + std::string(blanks, ' ') + pen.shown(word.meaning), frame.width,
                   word_columns);
  }
  lines.push_back({});
  append_wrapped(lines, whose, frame.width, 0);
  if (lines.size() > room && room > 0) {
    lines.resize(room - 1);
    lines.push_back({pen.shown("… the rest: wattfor top --help"), TopLook::dim});
  }
  return lines;
}

}  // namespace wattfor
