// Figures as SVG and as PNG. The SVGs among the golden files are also read by an XML parser
// (test_well_formed.py).

#include "document/figure_picture.h"

#include <cairo.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <cstring>
#include <map>

#include "base/error.h"
#include "document/png_canvas.h"
#include "sample_figures.h"
#include "support/golden.h"
#include "support/temp_tree.h"
#include "support/text.h"

namespace wattfor::figure_picture_test {
namespace {

using test::has_text;

// The pixels of a PNG file, as any reader would have them.
class Picture {
 public:
  explicit Picture(const std::string& file) : rest_(file) {
    surface_ = cairo_image_surface_create_from_png_stream(read, this);
    EXPECT_EQ(CAIRO_STATUS_SUCCESS, cairo_surface_status(surface_));
  }
  Picture(const Picture&) = delete;
  Picture& operator=(const Picture&) = delete;
  ~Picture() { cairo_surface_destroy(surface_); }

  int width() const { return cairo_image_surface_get_width(surface_); }
  int height() const { return cairo_image_surface_get_height(surface_); }
  std::uint32_t at(int x, int y) const {
    std::uint32_t pixel = 0;
    std::memcpy(&pixel,
                cairo_image_surface_get_data(surface_) +
                    static_cast<std::ptrdiff_t>(y) * cairo_image_surface_get_stride(surface_) +
                    static_cast<std::ptrdiff_t>(4) * x,
                sizeof pixel);
    return pixel & 0xFFFFFFU;
  }
  std::map<std::uint32_t, int> colours() const {
    std::map<std::uint32_t, int> counts;
    for (int y = 0; y < height(); ++y) {
      for (int x = 0; x < width(); ++x) ++counts[at(x, y)];
    }
    return counts;
  }

 private:
  static cairo_status_t read(void* picture, unsigned char* bytes, unsigned int count) {
    auto& rest = static_cast<Picture*>(picture)->rest_;
    if (rest.size() < count) return CAIRO_STATUS_READ_ERROR;
    std::memcpy(bytes, rest.data(), count);
    rest.remove_prefix(count);
    return CAIRO_STATUS_SUCCESS;
  }

  std::string_view rest_;
  cairo_surface_t* surface_ = nullptr;
};

class FontFolder {
 public:
  explicit FontFolder(const std::string& folder) { setenv("WATTFOR_FONTS", folder.c_str(), 1); }
  FontFolder(const FontFolder&) = delete;
  FontFolder& operator=(const FontFolder&) = delete;
  ~FontFolder() { unsetenv("WATTFOR_FONTS"); }
};

#define SKIP_WITHOUT_FONTS() \
  if (png_problem()) GTEST_SKIP() << *png_problem()

TEST(SvgFigureTest, IsDrawnAsBefore) {
  for (const Figure& figure : test::sample_figures()) {
    test::expect_golden("figure_" + figure.id + ".svg", figure_svg(figure));
  }
}

TEST(SvgFigureTest, HasNothingOfAHostileNameButItsLetters) {
  Figure figure = test::scatter_figure();
  figure.title = figure.caption = figure.x.label = test::hostile_name;
  figure.bars.bars = {{.name = test::hostile_name, .values = {1.0}}};
  const std::string svg = figure_svg(figure);
  EXPECT_FALSE(has_text(svg, "<script"));
  EXPECT_FALSE(has_text(svg, "\u202e"));
  EXPECT_FALSE(has_text(svg, std::string_view("\x01")));
  EXPECT_TRUE(has_text(svg, "&lt;script&gt;"));
}

TEST(SvgFigureTest, TellsAPointsNameAndNumbersToThePointer) {
  EXPECT_TRUE(has_text(figure_svg(test::scatter_figure()), "<title>a · 2.00 mJ · 71.0 %</title>"));
}

TEST(SvgFigureTest, IsDarkOnScreensOnly) {
  EXPECT_TRUE(
      has_text(figure_svg(test::bars_figure()), "@media screen and (prefers-color-scheme: dark)"));
}

TEST(PngFigureTest, IsTwiceAsLargeAsTheFigureAndShowsItsColours) {
  SKIP_WITHOUT_FONTS();
  const Picture picture(figure_png(test::bars_figure()));
  EXPECT_EQ(1440, picture.width());
  EXPECT_EQ(0xFFFFFFU, picture.at(2, 2));
  const auto colours = picture.colours();
  for (std::size_t part = 0; part < 3; ++part) {
    EXPECT_GT(colours.at(category_ink(part).light), 2000) << part;
  }
  EXPECT_GT(colours.at(ink::text().light), 100);  // letters
}

TEST(PngFigureTest, HasEachMarkWhereTheFigurePutsIt) {
  SKIP_WITHOUT_FONTS();
  PngCanvas canvas({20.0, 10.0}, 2.0, *find_png_fonts(font_folder()));
  canvas.circle({5.0, 5.0}, 3.0, {.ink = category_ink(1)}, "");
  canvas.clip({{10.0, 0.0}, {15.0, 10.0}});
  fill_box(canvas, {{10.0, 0.0}, {20.0, 10.0}}, {.ink = category_ink(2)}, "");
  canvas.unclip();
  const Picture picture(canvas.file());
  EXPECT_EQ(40, picture.width());
  EXPECT_EQ(20, picture.height());
  EXPECT_EQ(category_ink(1).light, picture.at(10, 10));
  EXPECT_EQ(category_ink(2).light, picture.at(25, 10));
  EXPECT_EQ(0xFFFFFFU, picture.at(35, 10));
}

TEST(PngFigureTest, DrawsWhateverName) {
  SKIP_WITHOUT_FONTS();
  Figure figure = test::scatter_figure();
  figure.title = test::hostile_name + " 数";
  EXPECT_EQ(1440, Picture(figure_png(figure)).width());
}

TEST(PngFigureTest, IsTheSameForTheSameFigure) {
  SKIP_WITHOUT_FONTS();
  EXPECT_EQ(figure_png(test::curve_figure()), figure_png(test::curve_figure()));
}

TEST(PngFigureTest, WithoutAFontNamesThePackageAndIsNotWritten) {
  const test::TempTree fonts;
  const FontFolder folder(fonts.root().string());
  ASSERT_TRUE(png_problem().has_value());
  EXPECT_TRUE(has_text(*png_problem(), "fonts-dejavu-core"));
  EXPECT_THROW(figure_png(test::bars_figure()), Error);
}

TEST(PngFigureTest, SaysWhichFontIsNone) {
  const test::TempTree fonts;
  fonts.write("truetype/dejavu/DejaVuSans.ttf", "no font");
  fonts.write("truetype/dejavu/DejaVuSans-Bold.ttf", "no font");
  const FontFolder folder(fonts.root().string());
  try {
    figure_png(test::bars_figure());
    FAIL() << "a file that is no font was taken";
  } catch (const Error& error) {
    EXPECT_TRUE(has_text(error.what(), "DejaVuSans.ttf: expected a font"));
  }
}

}  // namespace
}  // namespace wattfor::figure_picture_test
