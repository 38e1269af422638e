#include "document/svg_canvas.h"

#include <fmt/format.h>

#include <cmath>

#include "document/markup.h"

namespace wattfor {
namespace {

// Hundredths of a pixel; "12.5" and "12" rather than "12.50" and "12.00". Numbers are never in the
// user's locale.
std::string px(double length) {
  const double rounded = std::round(length * 100.0) / 100.0;
  std::string digits = fmt::format("{:.2f}", rounded == 0.0 ? 0.0 : rounded);
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.back() == '.') digits.pop_back();
  return digits;
}

std::string path_of(std::span<const CanvasPoint> places) {
  std::string path;
  for (const CanvasPoint& place : places) {
    path += fmt::format("{}{} {}", path.empty() ? "M" : "L", px(place.x), px(place.y));
  }
  return path;
}

std::string_view anchor_name(TextAnchor anchor) {
  switch (anchor) {
    case TextAnchor::start:
      return "start";
    case TextAnchor::middle:
      return "middle";
    case TextAnchor::end:
      return "end";
  }
  return "";
}

std::string_view dash_attribute(LineDash dash) {
  switch (dash) {
    case LineDash::solid:
      return "";
    case LineDash::dashed:
      return " stroke-dasharray=\"7 4\"";
    case LineDash::dotted:
      return " stroke-dasharray=\"1.5 3.5\"";
  }
  return "";
}

// A class for filling and one for lines of the same ink: "f-grid", "l-grid".
std::string colour_attributes(const Ink* filled, const Ink* lined) {
  std::string classes;
  std::string colours;
  if (filled != nullptr) {
    classes = "f-" + filled->name;
    colours = fmt::format(" fill=\"#{:06x}\"", filled->light);
  } else {
    colours = " fill=\"none\"";
  }
  if (lined != nullptr) {
    classes += (classes.empty() ? "l-" : " l-") + lined->name;
    colours += fmt::format(" stroke=\"#{:06x}\"", lined->light);
  }
  return fmt::format("class=\"{}\"{}", classes, colours);
}

}  // namespace

void SvgCanvas::in_group(const std::string& attributes) {
  if (attributes == group_) return;
  if (!group_.empty()) body_ += "</g>\n";
  group_ = attributes;
  if (!group_.empty()) body_ += "<g " + group_ + ">\n";
}

std::string SvgCanvas::painted(const Paint& paint) {
  inks_[paint.ink.name] = paint.ink;
  if (paint.outline) inks_[paint.outline->name] = *paint.outline;
  std::string attributes = colour_attributes(&paint.ink, paint.outline ? &*paint.outline : nullptr);
  if (paint.opacity < 1.0) attributes += fmt::format(" fill-opacity=\"{}\"", px(paint.opacity));
  return attributes;
}

void SvgCanvas::end_mark(std::string_view name, std::string_view hover) {
  if (hover.empty()) {
    body_ += "/>\n";
  } else {
    body_ += fmt::format("><title>{}</title></{}>\n", xml_text(hover), name);
  }
}

void SvgCanvas::stroke(std::span<const CanvasPoint> places, const Stroke& stroke) {
  inks_[stroke.ink.name] = stroke.ink;
  in_group(fmt::format("{} stroke-width=\"{}\"{}", colour_attributes(nullptr, &stroke.ink),
                       px(stroke.width), dash_attribute(stroke.dash)));
  body_ += fmt::format("<path d=\"{}\"/>\n", path_of(places));
}

void SvgCanvas::fill(std::span<const CanvasPoint> corners, const Paint& paint,
                     std::string_view hover) {
  in_group(painted(paint));
  body_ += fmt::format("<path d=\"{}Z\"", path_of(corners));
  end_mark("path", hover);
}

void SvgCanvas::circle(CanvasPoint centre, double radius, const Paint& paint,
                       std::string_view hover) {
  in_group(painted(paint));
  body_ +=
      fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"{}\"", px(centre.x), px(centre.y), px(radius));
  end_mark("circle", hover);
}

void SvgCanvas::text(CanvasPoint baseline, std::string_view words, const Lettering& lettering) {
  inks_[lettering.ink.name] = lettering.ink;
  in_group(fmt::format("{} font-size=\"{}\"{} text-anchor=\"{}\"",
                       colour_attributes(&lettering.ink, nullptr), px(lettering.size),
                       lettering.bold ? " font-weight=\"bold\"" : "",
                       anchor_name(lettering.anchor)));
  const std::string turn = lettering.turned ? fmt::format(" transform=\"rotate(-90 {} {})\"",
                                                          px(baseline.x), px(baseline.y))
                                            : "";
  body_ += fmt::format("<text x=\"{}\" y=\"{}\"{}>{}</text>\n", px(baseline.x), px(baseline.y),
                       turn, xml_text(words));
}

void SvgCanvas::clip(const CanvasBox& box) {
  in_group("");
  ++clips_;
  body_ += fmt::format(
      "<clipPath id=\"{0}-clip{1}\"><rect x=\"{2}\" y=\"{3}\" width=\"{4}\" height=\"{5}\"/>"
      "</clipPath>\n<g clip-path=\"url(#{0}-clip{1})\">\n",
      id_, clips_, px(box.top_left.x), px(box.top_left.y), px(box.width()), px(box.height()));
}

void SvgCanvas::unclip() {
  in_group("");
  body_ += "</g>\n";
}

std::string SvgCanvas::element(std::string_view title, std::string_view description) {
  in_group("");
  std::string rules;
  for (const auto& [name, ink] : inks_) {
    rules += fmt::format("#{0} .f-{1}{{fill:#{2:06x}}}#{0} .l-{1}{{stroke:#{2:06x}}}\n", id_, name,
                         ink.dark);
  }
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"{0}\" width=\"{1}\" height=\"{2}\" "
      "viewBox=\"0 0 {1} {2}\" role=\"img\" aria-labelledby=\"{0}-title {0}-desc\" "
      "font-family=\"system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', 'DejaVu Sans', Arial, "
      "sans-serif\" stroke-linejoin=\"round\">\n"
      "<title id=\"{0}-title\">{3}</title>\n<desc id=\"{0}-desc\">{4}</desc>\n"
      "<style>@media screen and (prefers-color-scheme: dark) {{\n{5}}}</style>\n{6}</svg>\n",
      id_, px(size_.x), px(size_.y), xml_text(title), xml_text(description), rules, body_);
}

}  // namespace wattfor
