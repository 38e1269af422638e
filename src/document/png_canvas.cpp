#include "document/png_canvas.h"

#include <cairo-ft.h>
#include <cairo.h>
#include <fmt/format.h>
#include <ft2build.h>

#include <array>
#include <cmath>
#include <numbers>

#include "base/error.h"
#include "base/utf8.h"
#include "document/markup.h"
#include FT_FREETYPE_H

namespace wattfor {

// Deletes what a C library made. With linkage, as the canvas has such fields.
template <auto destroy>
struct DestroyedWith {
  void operator()(auto* object) const { destroy(object); }
};
using FreeType = std::unique_ptr<FT_LibraryRec_, DestroyedWith<FT_Done_FreeType>>;
using CairoSurface = std::unique_ptr<cairo_surface_t, DestroyedWith<cairo_surface_destroy>>;
using CairoContext = std::unique_ptr<cairo_t, DestroyedWith<cairo_destroy>>;
using CairoFont = std::unique_ptr<cairo_font_face_t, DestroyedWith<cairo_font_face_destroy>>;

namespace {

// One for the process: cairo keeps fonts in a cache of its own for longer than any canvas lives.
FT_Library freetype() {
  static const FreeType library = [] {
    FT_Library made = nullptr;
    if (FT_Init_FreeType(&made) != 0)
      throw Error(ErrorCode::unsupported, "FreeType fails to start");
    return FreeType(made);
  }();
  return library.get();
}

CairoFont open_font(const std::filesystem::path& file) {
  FT_Face face = nullptr;
  if (FT_New_Face(freetype(), file.c_str(), 0, &face) != 0) {
    throw Error(ErrorCode::invalid_input,
                fmt::format("{}: expected a font; install its package anew", file.string()));
  }
  CairoFont font(cairo_ft_font_face_create_for_ft_face(face, 0));
  // The face goes with cairo's last use of it.
  static const cairo_user_data_key_t key{};
  const auto close = [](void* opened) { FT_Done_Face(static_cast<FT_Face>(opened)); };
  if (cairo_font_face_set_user_data(font.get(), &key, face, close) != CAIRO_STATUS_SUCCESS) {
    FT_Done_Face(face);
  }
  return font;
}

void set_colour(cairo_t* context, const Ink& ink, double opacity) {
  const auto channel = [&](unsigned shift) { return ((ink.light >> shift) & 0xFFU) / 255.0; };
  cairo_set_source_rgba(context, channel(16), channel(8), channel(0), opacity);
}

void trace(cairo_t* context, std::span<const CanvasPoint> places) {
  cairo_new_path(context);
  for (const CanvasPoint& place : places) cairo_line_to(context, place.x, place.y);
}

void paint_path(cairo_t* context, const Paint& paint) {
  set_colour(context, paint.ink, paint.opacity);
  if (!paint.outline) {
    cairo_fill(context);
    return;
  }
  cairo_fill_preserve(context);
  set_colour(context, *paint.outline, 1.0);
  cairo_set_line_width(context, 1.0);
  cairo_set_dash(context, nullptr, 0, 0.0);
  cairo_stroke(context);
}

void set_dash(cairo_t* context, LineDash dash) {
  static constexpr std::array<double, 2> dashes{7.0, 4.0};
  static constexpr std::array<double, 2> dots{1.5, 3.5};
  switch (dash) {
    case LineDash::solid:
      cairo_set_dash(context, nullptr, 0, 0.0);
      break;
    case LineDash::dashed:
      cairo_set_dash(context, dashes.data(), dashes.size(), 0.0);
      break;
    case LineDash::dotted:
      cairo_set_dash(context, dots.data(), dots.size(), 0.0);
      break;
  }
}

// The words with "?" for each letter that the font lacks: its box would stand for any.
std::string drawable(cairo_t* context, std::string_view words) {
  cairo_scaled_font_t* font = cairo_get_scaled_font(context);
  FT_Face face = cairo_ft_scaled_font_lock_face(font);
  std::string result;
  const std::string line = one_line(words);
  for (std::string_view rest = line; !rest.empty();) {
    const auto sign = first_code_point(rest);
    const std::size_t length = sign ? sign->bytes : 1;
    const bool known = sign && face != nullptr && FT_Get_Char_Index(face, sign->value) != 0;
    result += known ? rest.substr(0, length) : "?";
    rest.remove_prefix(length);
  }
  if (face != nullptr) cairo_ft_scaled_font_unlock_face(font);
  return result;
}

cairo_status_t append_bytes(void* file, const unsigned char* bytes, unsigned int count) {
  static_cast<std::string*>(file)->append(bytes, bytes + count);
  return CAIRO_STATUS_SUCCESS;
}

}  // namespace

struct PngCanvas::Surface {
  CairoFont regular;
  CairoFont bold;
  CairoSurface pixels;
  CairoContext context;
};

PngCanvas::PngCanvas(CanvasPoint size, double scale, const PngFonts& fonts)
    : surface_(std::make_unique<Surface>()) {
  surface_->regular = open_font(fonts.regular);
  surface_->bold = open_font(fonts.bold);
  surface_->pixels.reset(cairo_image_surface_create(CAIRO_FORMAT_RGB24,
                                                    static_cast<int>(std::ceil(size.x * scale)),
                                                    static_cast<int>(std::ceil(size.y * scale))));
  surface_->context.reset(cairo_create(surface_->pixels.get()));
  cairo_t* context = surface_->context.get();
  set_colour(context, ink::paper(), 1.0);
  cairo_paint(context);
  cairo_scale(context, scale, scale);
  cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND);
}

PngCanvas::~PngCanvas() = default;

void PngCanvas::stroke(std::span<const CanvasPoint> places, const Stroke& stroke) {
  cairo_t* context = surface_->context.get();
  trace(context, places);
  set_colour(context, stroke.ink, 1.0);
  cairo_set_line_width(context, stroke.width);
  set_dash(context, stroke.dash);
  cairo_stroke(context);
}

void PngCanvas::fill(std::span<const CanvasPoint> corners, const Paint& paint,
                     std::string_view /*hover*/) {
  trace(surface_->context.get(), corners);
  cairo_close_path(surface_->context.get());
  paint_path(surface_->context.get(), paint);
}

void PngCanvas::circle(CanvasPoint centre, double radius, const Paint& paint,
                       std::string_view /*hover*/) {
  cairo_t* context = surface_->context.get();
  cairo_new_path(context);
  cairo_arc(context, centre.x, centre.y, radius, 0.0, 2.0 * std::numbers::pi);
  paint_path(context, paint);
}

void PngCanvas::text(CanvasPoint baseline, std::string_view words, const Lettering& lettering) {
  cairo_t* context = surface_->context.get();
  cairo_save(context);
  cairo_set_font_face(context, (lettering.bold ? surface_->bold : surface_->regular).get());
  cairo_set_font_size(context, lettering.size);
  const std::string shown = drawable(context, words);
  cairo_text_extents_t extents{};
  cairo_text_extents(context, shown.c_str(), &extents);
  cairo_translate(context, baseline.x, baseline.y);
  if (lettering.turned) cairo_rotate(context, -0.5 * std::numbers::pi);
  const double share = lettering.anchor == TextAnchor::start    ? 0.0
                       : lettering.anchor == TextAnchor::middle ? 0.5
                                                                : 1.0;
  cairo_move_to(context, -share * extents.x_advance, 0.0);
  set_colour(context, lettering.ink, 1.0);
  cairo_show_text(context, shown.c_str());
  cairo_restore(context);
}

void PngCanvas::clip(const CanvasBox& box) {
  cairo_t* context = surface_->context.get();
  cairo_save(context);
  cairo_rectangle(context, box.top_left.x, box.top_left.y, box.width(), box.height());
  cairo_clip(context);
}

void PngCanvas::unclip() { cairo_restore(surface_->context.get()); }

std::string PngCanvas::file() const {
  std::string file;
  const cairo_status_t status =
      cairo_surface_write_to_png_stream(surface_->pixels.get(), append_bytes, &file);
  const cairo_status_t drawn = cairo_status(surface_->context.get());
  for (const cairo_status_t each : {drawn, status}) {
    if (each != CAIRO_STATUS_SUCCESS) {
      throw Error(ErrorCode::io, fmt::format("drawing a PNG: {}", cairo_status_to_string(each)));
    }
  }
  return file;
}

}  // namespace wattfor
