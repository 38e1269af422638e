#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "document/canvas.h"
#include "document/letter_widths.h"

namespace wattfor::test {

// Keeps what is drawn, with the box that it takes.
class RecordingCanvas final : public Canvas {
 public:
  struct Text {
    std::string words;
    double size = 0.0;
    CanvasBox box;
  };
  struct Mark {
    Ink ink;
    CanvasBox box;
    std::string hover;
  };

  void stroke(std::span<const CanvasPoint> places, const Stroke& stroke) override {
    strokes.push_back({stroke.ink, clipped(around(places)), ""});
  }
  void fill(std::span<const CanvasPoint> corners, const Paint& paint,
            std::string_view hover) override {
    marks.push_back({paint.ink, clipped(around(corners)), std::string(hover)});
  }
  void circle(CanvasPoint centre, double radius, const Paint& paint,
              std::string_view hover) override {
    const CanvasBox box{{centre.x - radius, centre.y - radius},
                        {centre.x + radius, centre.y + radius}};
    marks.push_back({paint.ink, clipped(box), std::string(hover)});
  }
  void text(CanvasPoint at, std::string_view words, const Lettering& lettering) override {
    const double width = text_width(words, lettering.size, lettering.bold);
    const double before = lettering.anchor == TextAnchor::start    ? 0.0
                          : lettering.anchor == TextAnchor::middle ? 0.5 * width
                                                                   : width;
    const double above = 0.8 * lettering.size;
    const double below = 0.2 * lettering.size;
    CanvasBox box{{at.x - before, at.y - above}, {at.x - before + width, at.y + below}};
    if (lettering.turned) {
      box = {{at.x - above, at.y + before - width}, {at.x + below, at.y + before}};
    }
    texts.push_back({std::string(words), lettering.size, box});
  }
  void clip(const CanvasBox& box) override { clip_ = box; }
  void unclip() override { clip_.reset(); }

  std::vector<Text> texts;
  std::vector<Mark> marks;
  std::vector<Mark> strokes;

 private:
  static CanvasBox around(std::span<const CanvasPoint> places) {
    CanvasBox box{places.front(), places.front()};
    for (const CanvasPoint& place : places) {
      box.top_left = {std::min(box.top_left.x, place.x), std::min(box.top_left.y, place.y)};
      box.bottom_right = {std::max(box.bottom_right.x, place.x),
                          std::max(box.bottom_right.y, place.y)};
    }
    return box;
  }
  CanvasBox clipped(CanvasBox box) const {
    if (!clip_) return box;
    box.top_left = {std::max(box.top_left.x, clip_->top_left.x),
                    std::max(box.top_left.y, clip_->top_left.y)};
    box.bottom_right = {std::min(box.bottom_right.x, clip_->bottom_right.x),
                        std::min(box.bottom_right.y, clip_->bottom_right.y)};
    return box;
  }

  std::optional<CanvasBox> clip_;
};

}  // namespace wattfor::test
