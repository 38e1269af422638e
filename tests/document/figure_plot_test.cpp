// Where things lie in a figure, whatever it is drawn on.

#include "document/figure_plot.h"

#include <gtest/gtest.h>

#include <cmath>

#include "recording_canvas.h"
#include "sample_figures.h"

namespace wattfor::figure_plot_test {
namespace {

using test::RecordingCanvas;

bool overlap(const CanvasBox& a, const CanvasBox& b) {
  return a.top_left.x < b.bottom_right.x && b.top_left.x < a.bottom_right.x &&
         a.top_left.y < b.bottom_right.y && b.top_left.y < a.bottom_right.y;
}

void expect_legible(const Figure& figure) {
  SCOPED_TRACE(figure.id);
  const FigurePlot plot(figure);
  RecordingCanvas canvas;
  plot.draw(canvas);
  const auto expect_inside = [&](const CanvasBox& box, const std::string& what) {
    EXPECT_GE(box.top_left.x, 0.0) << what;
    EXPECT_GE(box.top_left.y, 0.0) << what;
    EXPECT_LE(box.bottom_right.x, plot.size().x) << what;
    EXPECT_LE(box.bottom_right.y, plot.size().y) << what;
  };
  for (std::size_t i = 0; i < canvas.texts.size(); ++i) {
    const auto& text = canvas.texts[i];
    expect_inside(text.box, text.words);
    EXPECT_GE(text.size, 12.0) << text.words;  // 9 pt
    for (std::size_t j = 0; j < i; ++j) {
      EXPECT_FALSE(overlap(text.box, canvas.texts[j].box))
          << text.words << " over " << canvas.texts[j].words;
    }
  }
  for (const auto& mark : canvas.marks) expect_inside(mark.box, mark.hover);
  for (const auto& line : canvas.strokes) expect_inside(line.box, "a line");
}

std::vector<std::string> words_of(const Figure& figure) {
  RecordingCanvas canvas;
  FigurePlot(figure).draw(canvas);
  std::vector<std::string> words;
  for (const auto& text : canvas.texts) words.push_back(text.words);
  return words;
}

bool has_words(const Figure& figure, const std::string& wanted) {
  const auto words = words_of(figure);
  return std::ranges::find(words, wanted) != words.end();
}

TEST(FigurePlotTest, KeepsAllOnThePaperAndNoTwoTextsOverEachOther) {
  for (const Figure& figure : test::sample_figures()) expect_legible(figure);
}

TEST(FigurePlotTest, IsLegibleForWhateverRangeTheDataHave) {
  constexpr double huge = 1e300;
  const std::vector<std::pair<double, double>> ranges{{0.0, 0.0},
                                                      {5.0, 5.0},
                                                      {1e-12, 1e12},
                                                      {1.0, 1.0000001},
                                                      {0.1, 0.3},
                                                      {1999.0, 2024.0},
                                                      {-3e6, 4e6},
                                                      {-huge, huge},
                                                      {1e-300, huge},
                                                      {9.0, 11.0},
                                                      {123456.0, 123456.001},
                                                      {1e-7, 2e-7}};
  for (const AxisScale scale : {AxisScale::linear, AxisScale::log10}) {
    for (const TickNumbers numbers : {TickNumbers::plain, TickNumbers::si}) {
      for (const auto& [low, high] : ranges) {
        Figure figure{.id = "range", .title = "a range", .caption = ""};
        figure.x = {.label = "x", .unit = "J", .scale = scale, .numbers = numbers};
        figure.y = figure.x;
        figure.points = {{.name = "p", .points = {{.x = low, .y = low}, {.x = high, .y = high}}}};
        SCOPED_TRACE(std::to_string(low) + " to " + std::to_string(high));
        expect_legible(figure);
      }
    }
  }
}

TEST(FigurePlotTest, IsLegibleWithTextsOfAnyLength) {
  const std::string words(300, 'W');
  Figure figure{.id = "long", .title = words + " " + words + " and more", .caption = ""};
  figure.x = {.label = words};
  figure.y = {.label = words};
  for (const char* number : {"1", "2", "3"}) {
    figure.points.push_back({.name = words + number, .points = {{.x = 1.0, .y = 1.0}}});
  }
  expect_legible(figure);
  Figure bars = test::bars_figure();
  bars.bars.bars[0].name = words;
  expect_legible(bars);
}

TEST(FigurePlotTest, LabelsTheDecadesOfAnEnergyAxisWithTheirUnits) {
  for (const char* label : {"10 mJ", "100 mJ"}) {
    EXPECT_TRUE(has_words(test::scatter_figure(), label)) << label;
  }
  Figure far = test::scatter_figure();
  far.lines.clear();
  far.x = {.label = "MACs", .scale = AxisScale::log10};
  far.points = {{.name = "", .points = {{.x = 2e8, .y = 1}, {.x = 5e11, .y = 2}}}};
  for (const char* label : {"10⁹", "10¹⁰", "10¹¹"}) EXPECT_TRUE(has_words(far, label)) << label;
}

TEST(FigurePlotTest, DividesThousandsButNotYears) {
  EXPECT_TRUE(has_words(test::histogram_figure(), "10,000"));
  EXPECT_TRUE(has_words(test::histogram_figure(), "2,000") ||
              has_words(test::histogram_figure(), "5,000"));
  EXPECT_TRUE(has_words(test::sizes_figure(), "2020"));
}

TEST(FigurePlotTest, LeavesOutWhatHasNoPlaceOnTheAxes) {
  RecordingCanvas canvas;
  FigurePlot(test::scatter_figure()).draw(canvas);
  std::size_t points = 0;
  for (const auto& mark : canvas.marks) points += mark.hover.empty() ? 0 : 1;
  EXPECT_EQ(4u, points);  // of six: no energy of zero on a logarithmic axis, and no NaN
}

TEST(FigurePlotTest, OfNothingSaysSo) {
  Figure figure{.id = "empty", .title = "empty", .caption = ""};
  EXPECT_TRUE(has_words(figure, "nothing to show"));
  figure.x.scale = AxisScale::log10;
  expect_legible(figure);
}

TEST(FigurePlotTest, NamesALineAndThePointsOnItOnce) {
  const auto words = words_of(test::curve_figure());
  EXPECT_EQ(1, std::ranges::count(words, "resnet50"));
}

TEST(FigurePlotTest, CutsLongNamesSoThatTheyStayTellable) {
  const auto words = words_of(test::bars_figure());
  std::vector<std::string> cut;
  for (const std::string& each : words) {
    if (each.find("vit_large") == 0) cut.push_back(each);
  }
  ASSERT_EQ(2u, cut.size());
  EXPECT_NE(cut[0], cut[1]);
}

TEST(FigurePlotTest, MakesAreasAndNotRadiiProportional) {
  RecordingCanvas canvas;
  FigurePlot(test::sizes_figure()).draw(canvas);
  std::vector<double> radii;
  for (const auto& mark : canvas.marks) {
    if (!mark.hover.empty()) radii.push_back(0.5 * mark.box.width());
  }
  ASSERT_EQ(2u, radii.size());
  EXPECT_NEAR(10.0, radii[1] / radii[0], 1e-9);  // a hundred times the electricity
}

TEST(FigurePlotTest, LaysPartsOfABarEndToEnd) {
  RecordingCanvas canvas;
  FigurePlot(test::bars_figure()).draw(canvas);
  std::vector<CanvasBox> parts;
  for (const auto& mark : canvas.marks) {
    if (!mark.hover.empty()) parts.push_back(mark.box);
  }
  ASSERT_EQ(5u, parts.size());  // a part of zero is not drawn
  EXPECT_DOUBLE_EQ(parts[0].bottom_right.x, parts[1].top_left.x);
  EXPECT_NEAR(6.0, parts[0].width() / parts[1].width(), 1e-9);
}

TEST(MarkerTest, HasTheSameAreaInEveryShape) {
  class Areas final : public Canvas {
   public:
    void stroke(std::span<const CanvasPoint> /*places*/, const Stroke& /*stroke*/) override {}
    void fill(std::span<const CanvasPoint> corners, const Paint& /*paint*/,
              std::string_view /*hover*/) override {
      double twice = 0.0;
      for (std::size_t i = 0; i < corners.size(); ++i) {
        const CanvasPoint& next = corners[(i + 1) % corners.size()];
        twice += corners[i].x * next.y - next.x * corners[i].y;
      }
      area = 0.5 * std::abs(twice);
    }
    void circle(CanvasPoint /*centre*/, double radius, const Paint& /*paint*/,
                std::string_view /*hover*/) override {
      area = M_PI * radius * radius;
    }
    void text(CanvasPoint /*baseline*/, std::string_view /*words*/,
              const Lettering& /*lettering*/) override {}
    void clip(const CanvasBox& /*box*/) override {}
    void unclip() override {}
    double area = 0.0;
  };
  for (std::size_t shape = 0; shape < marker_shapes; ++shape) {
    Areas canvas;
    draw_marker(canvas, marker_of(shape), {100.0, 50.0}, 3.0, {.ink = ink::text()}, "");
    EXPECT_NEAR(M_PI * 9.0, canvas.area, 1e-9) << shape;
  }
}

}  // namespace
}  // namespace wattfor::figure_plot_test
