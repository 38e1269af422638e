#pragma once

#include <map>
#include <string>
#include <string_view>

#include "document/canvas.h"

namespace wattfor {

// Writes an SVG 1.1 element that can stand in a file or within an HTML page: its ids and styles are
// its own, by the name `id`. Colours are attributes, as programs that make print of it expect, and
// classes, which viewers that prefer dark change.
class SvgCanvas final : public Canvas {
 public:
  SvgCanvas(std::string id, CanvasPoint size) : id_(std::move(id)), size_(size) {}

  void stroke(std::span<const CanvasPoint> places, const Stroke& stroke) override;
  void fill(std::span<const CanvasPoint> corners, const Paint& paint,
            std::string_view hover) override;
  void circle(CanvasPoint centre, double radius, const Paint& paint,
              std::string_view hover) override;
  void text(CanvasPoint baseline, std::string_view words, const Lettering& lettering) override;
  void clip(const CanvasBox& box) override;
  void unclip() override;

  // The whole element; `title` and `description` are for screen readers.
  std::string element(std::string_view title, std::string_view description);

 private:
  // What follows has these attributes: one group for as long as they stay the same.
  void in_group(const std::string& attributes);
  std::string painted(const Paint& paint);
  std::string fill_of(const Ink& ink);
  std::string stroke_of(const Ink& ink);
  void end_mark(std::string_view name, std::string_view hover);

  std::string id_;
  CanvasPoint size_;
  std::string body_;
  std::string group_;
  int clips_ = 0;
  std::map<std::string, Ink> inks_;
};

}  // namespace wattfor
