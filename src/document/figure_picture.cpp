#include "document/figure_picture.h"

#include <fmt/format.h>

#include "base/error.h"
#include "document/figure_plot.h"
#include "document/png_canvas.h"
#include "document/png_fonts.h"
#include "document/svg_canvas.h"

namespace wattfor {

std::string figure_svg(const Figure& figure) {
  const FigurePlot plot(figure);
  SvgCanvas canvas(figure.id, plot.size());
  plot.draw(canvas);
  return canvas.element(figure.title, figure.caption);
}

std::string figure_png(const Figure& figure) {
  const auto fonts = find_png_fonts(font_folder());
  if (!fonts) throw Error(ErrorCode::not_found, *png_problem());
  const FigurePlot plot(figure);
  constexpr double pixels_of_one = 2.0;
  PngCanvas canvas(plot.size(), pixels_of_one, *fonts);
  plot.draw(canvas);
  return canvas.file();
}

std::optional<std::string> png_problem() {
  if (find_png_fonts(font_folder())) return std::nullopt;
  return fmt::format(
      "no PNG: no font below {} (DejaVu Sans, Liberation Sans or Noto Sans); install the package "
      "fonts-dejavu-core, or name the folder of fonts in $WATTFOR_FONTS",
      font_folder().string());
}

}  // namespace wattfor
