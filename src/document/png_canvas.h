#pragma once

#include <memory>
#include <string>

#include "document/canvas.h"
#include "document/png_fonts.h"

namespace wattfor {

// Draws with cairo, in the inks' colours for light paper, `scale` pixels for each of the figure's.
class PngCanvas final : public Canvas {
 public:
  // Throws Error{invalid_input} naming a font file that is none.
  PngCanvas(CanvasPoint size, double scale, const PngFonts& fonts);
  ~PngCanvas() override;

  void stroke(std::span<const CanvasPoint> places, const Stroke& stroke) override;
  void fill(std::span<const CanvasPoint> corners, const Paint& paint,
            std::string_view hover) override;
  void circle(CanvasPoint centre, double radius, const Paint& paint,
              std::string_view hover) override;
  // A letter that the font lacks is drawn as "?".
  void text(CanvasPoint baseline, std::string_view words, const Lettering& lettering) override;
  void clip(const CanvasBox& box) override;
  void unclip() override;

  // The whole file.
  std::string file() const;

 private:
  struct Surface;
  std::unique_ptr<Surface> surface_;
};

}  // namespace wattfor
