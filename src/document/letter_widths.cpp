#include "document/letter_widths.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "base/utf8.h"

namespace wattfor {
namespace {

// Thousandths of the letters' size, from the blank to "~": the advance widths in
// DejaVuSans.ttf 2.37.
constexpr std::array<int, 95> ascii_widths{
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361,  318, 337, 636, 636, 636,
    636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632,
    575, 775, 752, 295, 295, 656, 557, 863, 748, 787, 603, 787, 695, 635,  611, 732, 684, 989, 685,
    611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352,  635, 634, 278, 278, 579,
    278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592,  525, 636, 337, 636, 838};
// The bold ones are at most so much wider, in the mean of any word.
constexpr double bold_share = 1.13;

double width_of(char32_t sign) {
  if (U' ' <= sign && sign <= U'~') return ascii_widths.at(sign - U' ');
  constexpr char32_t first_wide = 0x1100;  // Hangul, then CJK: squares
  constexpr int latin = 700;
  constexpr int square = 1000;
  const bool is_punctuation = 0x2000 <= sign && sign < 0x2190 && sign != U'…';
  return sign < first_wide || is_punctuation ? latin : square;
}

}  // namespace

double text_width(std::string_view text, double size, bool bold) {
  double thousandths = 0.0;
  while (!text.empty()) {
    const auto sign = first_code_point(text);
    thousandths += width_of(sign ? sign->value : U'?');
    text.remove_prefix(sign ? sign->bytes : 1);
  }
  return thousandths * size / 1000.0 * (bold ? bold_share : 1.0);
}

std::string shortened_to_width(std::string_view text, double width, double size, bool bold) {
  if (text_width(text, size, bold) <= width) return std::string(text);
  std::vector<std::string_view> signs;
  for (std::string_view rest = text; !rest.empty();) {
    const auto sign = first_code_point(rest);
    const std::size_t length = sign ? sign->bytes : 1;
    signs.push_back(rest.substr(0, length));
    rest.remove_prefix(length);
  }
  constexpr std::string_view gap = "…";
  double left = width - text_width(gap, size, bold);
  std::string head;
  std::string tail;
  for (std::size_t first = 0, last = signs.size(); first < last;) {
    // The end tells more (a variant, the data trained on): it has the odd letter.
    const bool at_end = tail.size() <= head.size();
    const std::string_view sign = at_end ? signs[--last] : signs[first++];
    left -= text_width(sign, size, bold);
    if (left < 0.0) break;
    if (at_end) {
      tail.insert(0, sign);
    } else {
      head += sign;
    }
  }
  return head + std::string(gap) + tail;
}

std::vector<std::string> lines_of_width(std::string_view text, double width, int most_lines,
                                        double size, bool bold) {
  std::vector<std::string> lines;
  std::string line;
  while (!text.empty()) {
    const std::size_t length = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, length);
    const std::string longer = line.empty() ? std::string(word) : line + " " + std::string(word);
    if (!line.empty() && text_width(longer, size, bold) > width) {
      if (static_cast<int>(lines.size()) + 1 == most_lines) {
        line += " …";
        break;
      }
      lines.push_back(shortened_to_width(line, width, size, bold));
      line = word;
    } else {
      line = longer;
    }
    text.remove_prefix(std::min(length + 1, text.size()));
  }
  if (!line.empty()) lines.push_back(shortened_to_width(line, width, size, bold));
  return lines;
}

}  // namespace wattfor
