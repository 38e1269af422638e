#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wattfor {

// How wide a text is drawn, in pixels, of letters `size` pixels high: by the widths of DejaVu Sans,
// the widest of the sans-serif fonts that viewers usually have, so that what fits by this fits with
// any. The same on every machine, with fonts or without.
double text_width(std::string_view text, double size, bool bold = false);

// A text that fits into `width`: what is too long loses its middle to "…", as names that look alike
// differ at their ends.
std::string shortened_to_width(std::string_view text, double width, double size, bool bold = false);

// The text in lines of at most `width`; one word that is longer is shortened, and what is left
// after `most_lines` gets "…".
std::vector<std::string> lines_of_width(std::string_view text, double width, int most_lines,
                                        double size, bool bold = false);

}  // namespace wattfor
