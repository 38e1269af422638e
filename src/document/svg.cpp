#include "document/svg.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "document/text_table.h"

namespace wattfor {
namespace {

constexpr std::string_view style = R"(<style>
  text { font: 13px sans-serif; fill: #202428; }
  .paper { fill: #ffffff; }
  .frame { stroke: #5b646d; } .grid { stroke: #e2e5e8; }
  .shade { fill: #f3eddc; } .truth { stroke: #6b747d; stroke-width: 1.2; }
  .data { stroke: none; fill: #1668b3; fill-opacity: 0.65; }
  .model { stroke: #c8500a; stroke-width: 2; }
  polyline { fill: none; stroke-linejoin: round; }
  rect.model { stroke: none; fill: #c8500a; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e4e7ea; }
    .paper { fill: #16191c; }
    .frame { stroke: #98a1aa; } .grid { stroke: #30363c; }
    .shade { fill: #2b2a22; } .truth { stroke: #9aa4ad; }
    .data { fill: #63b0f4; }
    .model { stroke: #ff9a52; }
    rect.model { fill: #ff9a52; }
  }
</style>
)";

std::string_view class_of(SvgInk ink) {
  switch (ink) {
    case SvgInk::text:
      return "text";
    case SvgInk::frame:
      return "frame";
    case SvgInk::grid:
      return "grid";
    case SvgInk::shade:
      return "shade";
    case SvgInk::truth:
      return "truth";
    case SvgInk::data:
      return "data";
    case SvgInk::model:
      return "model";
  }
  return "";
}

std::string_view name_of(SvgAnchor anchor) {
  switch (anchor) {
    case SvgAnchor::start:
      return "start";
    case SvgAnchor::middle:
      return "middle";
    case SvgAnchor::end:
      return "end";
  }
  return "";
}

std::string escaped(std::string_view words) {
  std::string result;
  for (const char c : printable(words)) {
    if (c == '&') {
      result += "&amp;";
    } else if (c == '<') {
      result += "&lt;";
    } else if (c == '>') {
      result += "&gt;";
    } else {
      result += c;
    }
  }
  return result;
}

}  // namespace

Svg::Svg(SvgPoint size, std::string_view title) : size_(size), title_(escaped(title)) {}

void Svg::line(SvgPoint from, SvgPoint to, SvgInk ink) {
  body_ +=
      fmt::format("<line class=\"{}\" x1=\"{:.2f}\" y1=\"{:.2f}\" x2=\"{:.2f}\" y2=\"{:.2f}\"/>\n",
                  class_of(ink), from.x, from.y, to.x, to.y);
}

void Svg::polyline(std::span<const SvgPoint> points, SvgInk ink) {
  body_ += fmt::format("<polyline class=\"{}\" points=\"", class_of(ink));
  for (const SvgPoint& point : points) body_ += fmt::format("{:.2f},{:.2f} ", point.x, point.y);
  body_ += "\"/>\n";
}

void Svg::rectangle(SvgPoint corner, SvgPoint opposite, SvgInk ink) {
  body_ += fmt::format(
      "<rect class=\"{}\" x=\"{:.2f}\" y=\"{:.2f}\" width=\"{:.2f}\" height=\"{:.2f}\"/>\n",
      class_of(ink), std::min(corner.x, opposite.x), std::min(corner.y, opposite.y),
      std::abs(opposite.x - corner.x), std::abs(opposite.y - corner.y));
}

void Svg::dot(SvgPoint centre, double radius, SvgInk ink) {
  body_ += fmt::format("<circle class=\"{}\" cx=\"{:.2f}\" cy=\"{:.2f}\" r=\"{:.2f}\"/>\n",
                       class_of(ink), centre.x, centre.y, radius);
}

void Svg::text(SvgPoint at, std::string_view words, SvgAnchor anchor, bool turned) {
  const std::string turn =
      turned ? fmt::format(" transform=\"rotate(-90 {:.2f} {:.2f})\"", at.x, at.y) : "";
  body_ += fmt::format("<text x=\"{:.2f}\" y=\"{:.2f}\" text-anchor=\"{}\"{}>{}</text>\n", at.x,
                       at.y, name_of(anchor), turn, escaped(words));
}

std::string Svg::file() const {
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:g}\" height=\"{1:g}\" "
      "viewBox=\"0 0 {0:g} {1:g}\" role=\"img\">\n"
      "<title>{2}</title>\n{3}"
      "<rect class=\"paper\" width=\"{0:g}\" height=\"{1:g}\"/>\n{4}</svg>\n",
      size_.x, size_.y, title_, style, body_);
}

std::string_view fitting_title(std::string_view title, double left, double width) {
  constexpr double widest_letter = 8.0;  // on average, of sans-serif fonts of 13 px
  return first_columns(title, static_cast<int>((width - left) / widest_letter));
}

std::vector<double> AxisTicks::places() const {
  std::vector<double> result(static_cast<std::size_t>(std::lround((last - first) / step)) + 1);
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = first + step * static_cast<double>(i);
  return result;
}

AxisTicks axis_ticks(double low, double high, int about) {
  if (!std::isfinite(low) || !std::isfinite(high)) return {};
  if (!(high > low)) {
    const double beside = low == 0.0 ? 1.0 : 0.1 * std::abs(low);
    low -= beside;
    high = low + 2.0 * beside;
  }
  const double wanted = (high - low) / about;
  const double decade = std::pow(10.0, std::floor(std::log10(wanted)));
  double step = 10.0 * decade;
  for (const double digit : {1.0, 2.0, 5.0}) {
    if (digit * decade >= wanted) {
      step = digit * decade;
      break;
    }
  }
  return {
      .first = std::floor(low / step) * step, .last = std::ceil(high / step) * step, .step = step};
}

}  // namespace wattfor
