// The SVG pictures: what is in them, and that nothing lies outside of the paper.

#include <gtest/gtest.h>

#include <regex>
#include <string>
#include <vector>

#include "report/period_errors_svg.h"
#include "report/step_response_svg.h"
#include "report/window_svg.h"
#include "support/text.h"

namespace wattfor::pictures_test {
namespace {

using test::has_text;

std::size_t count(const std::string& picture, const std::string& words) {
  std::size_t found = 0;
  for (auto at = picture.find(words); at != std::string::npos; at = picture.find(words, at + 1)) {
    ++found;
  }
  return found;
}

// Every place along x, of any mark.
void expect_on_paper(const std::string& picture) {
  std::smatch size;
  ASSERT_TRUE(std::regex_search(picture, size, std::regex(R"(viewBox="0 0 (\d+) (\d+)\")")));
  const double width = std::stod(size[1]);
  const double height = std::stod(size[2]);
  const auto expect_below = [&](const char* places, double end) {
    const std::regex number(places);
    for (std::sregex_iterator it(picture.begin(), picture.end(), number), last; it != last; ++it) {
      const double place = std::stod((*it)[1]);
      EXPECT_GE(place, 0.0) << it->str();
      EXPECT_LE(place, end) << it->str();
    }
  };
  expect_below(R"( (?:x|x1|x2|cx)="([-\d.]+)\")", width);
  expect_below(R"( (?:y|y1|y2|cy)="([-\d.]+)\")", height);
  expect_below(R"(([-\d.]+),[-\d.]+ )", width);
}

// 300 W for a second, 60 W around it, read each 100 ms.
PowerCourse course() {
  PowerCourse course(Seconds(0.0), Watts(60.0));
  course.then(Watts(60.0), Seconds(3.0));
  course.then(Watts(300.0), Seconds(1.0));
  course.then(Watts(60.0), Seconds(3.0));
  return course;
}

std::vector<Update> updates() {
  std::vector<Update> updates;
  for (int i = 0; i < 70; ++i) {
    const Seconds time = 0.1 * i * Seconds(1.0);
    updates.push_back({time, course().power_at(time)});
  }
  return updates;
}

CheckedWindow window() {
  CheckedWindow window{.replayed = {.mark = {.start_us = 3'000'000, .end_us = 4'000'000}},
                       .truth = Joules(300.0)};
  window.replayed.naive = Joules(285.0);
  window.replayed.estimate = EstimatedEnergy{
      .figure = {.energy = Joules(301.5), .absolute = Interval{280.0, 320.0}, .comparison = {}},
      .budget = {}};
  return window;
}

std::string picture_of(const Kernel& kernel, const std::string& title = "a board") {
  return window_svg(course(), updates(), kernel, Seconds(3.0), window(), title);
}

constexpr Kernel part_time{.kind = ResponseKind::boxcar, .window = Seconds(0.025)};
constexpr Kernel slow{.kind = ResponseKind::boxcar, .window = Seconds(1.0)};

TEST(WindowPictureTest, TellsTheEnergiesBelow) {
  const std::string picture = picture_of(part_time);
  EXPECT_TRUE(
      has_text(picture,
               "true 300 J · naive 285 J (−5.0 %) · corrected 302 J (+0.50 %), 95 %: 280 J to "
               "320 J"));
  expect_on_paper(picture);
}

TEST(WindowPictureTest, ShowsWhatAnUpdateLookedAtWhereThatIsItsOwn) {
  EXPECT_TRUE(has_text(picture_of(part_time), "looked back at"));
  const std::string picture = picture_of(slow);
  EXPECT_FALSE(has_text(picture, "looked back at"));
  // Until the slow gauge is back: −0.5 to 2 s.
  EXPECT_EQ(25u + 1u + 1u, count(picture, "<circle"));
  expect_on_paper(picture);
}

TEST(WindowPictureTest, OfALongWindowShowsTheBeginning) {
  PowerCourse steady(Seconds(0.0), Watts(60.0));
  steady.then(Watts(60.0), Seconds(3.0));
  steady.then(Watts(300.0), Seconds(1000.0));
  CheckedWindow longer = window();
  longer.replayed.mark.end_us += 999'000'000;
  expect_on_paper(window_svg(steady, updates(), part_time, Seconds(3.0), longer, "long"));
}

TEST(WindowPictureTest, ATitleIsEscapedAndCutToThePaper) {
  EXPECT_TRUE(has_text(picture_of(part_time, "a <b> & c"), "a &lt;b&gt; &amp; c"));
  const std::string title(500, 'x');
  const std::string picture = picture_of(part_time, title);
  // Whole for a screen reader alone.
  EXPECT_EQ(1u, count(picture, title));
}

PeriodErrors errors(double period_ms, double size) {
  const ErrorSpread spread{.rmse = size, .low = -size, .high = size};
  return {.period = Seconds(period_ms * 1e-3),
          .errors = {
              .windows = 30, .figures = 30, .holding = 30, .naive = spread, .corrected = spread}};
}

TEST(PeriodsPictureTest, HasTwoBarsAPeriodAndNamesThoseThatAreMarked) {
  const std::vector<PeriodErrors> periods{errors(20, 0.1), errors(90, 0.03), errors(100, 0.5),
                                          errors(110, 0.03), errors(250, 0.0)};
  const std::vector<Seconds> marked{Seconds(0.09), Seconds(0.1), Seconds(0.11)};
  const std::string picture = period_errors_svg(periods, marked, Seconds(5.0), "a board");
  EXPECT_EQ(5u + 1u, count(picture, "<rect class=\"data\""));
  EXPECT_EQ(5u + 1u, count(picture, "<rect class=\"model\""));
  for (const char* name : {">90<", ">100<", ">110<"}) EXPECT_TRUE(has_text(picture, name)) << name;
  EXPECT_TRUE(has_text(picture, "5 to 95 % of 30 windows of 5 s each"));
  expect_on_paper(picture);
}

TEST(PeriodsPictureTest, OfOnePeriodAndOfNoFiguresIsAPictureToo) {
  std::vector<PeriodErrors> periods{errors(100, 0.5)};
  expect_on_paper(period_errors_svg(periods, {}, Seconds(5.0), "one"));
  periods[0].errors.naive.reset();
  periods[0].errors.corrected.reset();
  expect_on_paper(period_errors_svg(periods, {}, Seconds(5.0), "none"));
}

TEST(StepPictureTest, LiesOnThePaper) {
  const std::vector<StepPoint> points{{Seconds(-0.01), -0.05}, {Seconds(0.15), 1.02}};
  const std::string picture = step_response_svg(points, part_time, "a step");
  EXPECT_EQ(2u, count(picture, "<circle"));
  expect_on_paper(picture);
}

}  // namespace
}  // namespace wattfor::pictures_test
