#pragma once

#include <optional>
#include <string>

#include "document/figure.h"

namespace wattfor {

// The figure as an SVG element: for a file or within an HTML page. Its title and caption are what a
// screen reader says; a point's label shows while the pointer is on it. Dark where the viewer
// prefers that, never in print. The same figure gives the same bytes.
std::string figure_svg(const Figure& figure);

// The same as a PNG file of twice the natural size, on white. Throws Error{not_found} naming the
// remedy where no font is found (see png_problem()).
std::string figure_png(const Figure& figure);

// Why there can be no PNG on this machine, and the remedy; nothing where there can.
std::optional<std::string> png_problem();

}  // namespace wattfor
