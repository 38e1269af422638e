#include "report/top_note_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "document/text_table.h"
#include "report/top_notes.h"

namespace wattfor {
namespace {

TopLook look_of(const TopNote& note) { return note.urgent ? TopLook::warning : TopLook::dim; }

void append_note(std::vector<TopLine>& lines, const TopNote& note, const TopFrame& frame,
                 const TopPen& pen) {
  for (std::string& text : split_lines(wrapped_text(pen.shown(note.text), frame.width))) {
    lines.push_back({std::move(text), look_of(note)});
  }
}

}  // namespace

std::vector<TopLine> whole_notes(const TopView& view, const TopFrame& frame, const TopPen& pen) {
  std::vector<TopLine> lines;
  for (const TopNote& note : top_notes(view)) append_note(lines, note, frame, pen);
  return lines;
}

FittedNotes fitted_notes(const TopView& view, const TopFrame& frame, const TopPen& pen,
                         std::size_t free) {
  constexpr std::size_t always = 3;
  const std::size_t room = std::max(free, always);
  const std::vector<TopNote> notes = top_notes(view);
  const std::size_t shown = notes.size() <= room ? notes.size() : room - 1;
  std::size_t spare = free > shown ? free - shown : 0;
  FittedNotes fitted{.lines = {}, .is_all = shown == notes.size()};
  std::vector<std::vector<TopLine>> blocks(shown);
  for (const bool urgent : {true, false}) {
    for (std::size_t i = 0; i < shown; ++i) {
      if (notes[i].urgent != urgent) continue;
      append_note(blocks[i], notes[i], frame, pen);
      const std::size_t more = blocks[i].size() - 1;
      if (more <= spare) {
        spare -= more;
      } else {
        blocks[i] = {{pen.shown(notes[i].text), look_of(notes[i])}};  // cut by the pen
        fitted.is_all = false;
      }
    }
  }
  for (const auto& block : blocks) {
    fitted.lines.insert(fitted.lines.end(), block.begin(), block.end());
  }
  if (shown < notes.size()) {
    const std::size_t hidden = notes.size() - shown;
    fitted.lines.push_back(
        {pen.shown(fmt::format("… {} more note{}: n shows all", hidden, hidden == 1 ? "" : "s")),
         TopLook::dim});
  }
  return fitted;
}

}  // namespace wattfor
