#include "report/top_text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "document/text_table.h"
#include "report/sample_top.h"
#include "support/golden.h"
#include "support/text.h"

namespace wattfor::top_text_test {
namespace {

using test::at_second;
using test::component;
using test::has_text;
using test::measured;
using test::sample_top;

std::string text_of(const TopView& view, const TopFrame& frame) {
  std::string text;
  for (const std::string& line : top_lines(view, frame)) text += line + "\n";
  return text;
}

std::string line_with(const std::string& text, const std::string& part) {
  for (const std::string& line : test::lines_of(text)) {
    if (line.find(part) != std::string::npos) return line;
  }
  return "(no line has \"" + part + "\")";
}

// A machine of eight boards and two sockets.
TopView eight_gpus() {
  TopView view = sample_top();
  view.components.clear();
  view.devices.clear();
  for (int i = 0; i < 2; ++i) {
    view.components.push_back(component("cpu package " + std::to_string(i), measured(150, 900)));
    view.components.push_back(component("dram " + std::to_string(i), measured(20, 100)));
  }
  for (int i = 0; i < 8; ++i) {
    view.components.push_back(component("gpu " + std::to_string(i), measured(300, 1'800)));
    view.devices.push_back(test::gpu_device(i));
  }
  return view;
}

TEST(TopTextTest, ShowsAllThatMattersOn80Columns) {
  test::expect_golden("top_80.txt", text_of(sample_top(), {.width = 80, .height = 24}));
}

TEST(TopTextTest, ShowsMoreColumnsAndTheBasisInWordsOnAWideTerminal) {
  test::expect_golden("top_140.txt", text_of(sample_top(), {.width = 140, .height = 24}));
}

TEST(TopTextTest, ShowsPowerAndEnergyOn40Columns) {
  test::expect_golden("top_40.txt", text_of(sample_top(), {.width = 40, .height = 16}));
}

TEST(TopTextTest, PrintsEverythingWhereThereIsNoHeight) {
  test::expect_golden("top_printed.txt", text_of(sample_top(), {.width = 100}));
}

TEST(TopTextTest, TakesNoMoreRoomThanThereIs) {
  for (const TopView& view : {sample_top(), eight_gpus(), TopView{}}) {
    for (const int width : {1, 20, 40, 80, 120, 300}) {
      for (const int height : {1, 2, 5, 10, 24, 60}) {
        for (const bool help : {false, true}) {
          const auto lines = top_lines(
              view, {.width = width, .height = height, .help = help, .notes = width % 3 == 0});
          EXPECT_LE(lines.size(), static_cast<std::size_t>(height)) << width << "x" << height;
          for (const std::string& line : lines) {
            EXPECT_LE(display_width(line), width) << width << "x" << height << ": " << line;
          }
        }
      }
    }
  }
}

TEST(TopTextTest, ShowsEightGpusAndTheProcessesOn24Lines) {
  const std::string text = text_of(eight_gpus(), {.width = 80, .height = 24});
  for (int i = 0; i < 8; ++i) EXPECT_TRUE(has_text(text, "gpu " + std::to_string(i) + " "));
  EXPECT_TRUE(has_text(text, "train.py"));
  EXPECT_TRUE(has_text(text, "q quit"));
}

TEST(TopTextTest, ScrollsWhereNotAllComponentsFit) {
  const TopFrame top{.width = 80, .height = 16};
  EXPECT_TRUE(has_text(text_of(eight_gpus(), top), "cpu package 0"));
  EXPECT_TRUE(has_text(text_of(eight_gpus(), top), "of 12: up and down scroll"));
  TopFrame end = top;
  end.first_component = 100;
  EXPECT_TRUE(has_text(text_of(eight_gpus(), end), "gpu 7"));
  EXPECT_FALSE(has_text(text_of(eight_gpus(), end), "cpu package 0"));
}

TEST(TopTextTest, UsesAsciiAloneWhereTheTerminalKnowsNoMore) {
  TopView view = sample_top();
  view.processes.front().command = "naïve 模型";
  for (const std::optional<int> height : {std::optional(24), std::optional<int>()}) {
    const std::string text = text_of(view, {.width = 100, .height = height, .unicode = false});
    EXPECT_TRUE(std::ranges::all_of(text, [](char c) {
      return c == '\n' || (c >= ' ' && c <= '~');
    })) << text;
    EXPECT_TRUE(has_text(text, "#"));
    EXPECT_TRUE(has_text(text, "+-10 %"));
  }
}

TEST(TopTextTest, ColoursOnlyWhereAsked) {
  EXPECT_FALSE(has_text(text_of(sample_top(), {.width = 80, .height = 24}), "\033"));
  EXPECT_TRUE(
      has_text(text_of(sample_top(), {.width = 80, .height = 24, .colour = true}), "\033[1m"));
}

TEST(TopTextTest, ShowsASensorThatFailsAsUnknownAndSaysSinceWhen) {
  TopView view = sample_top();
  TopComponent& gpu = view.components.back();
  gpu.figure.power.reset();
  gpu.figure.basis = Basis::missing;
  gpu.last_seen = at_second(588);
  gpu.silence = "the GPU is lost";
  const std::string text = text_of(view, {.width = 80, .height = 24});
  EXPECT_TRUE(has_text(line_with(text, "gpu 0          ?"), "–"));
  EXPECT_TRUE(has_text(line_with(text, "gpu 0          ?"), "12.5 kJ"));
  EXPECT_TRUE(has_text(text, "gpu 0: no power for 12.0 s: the GPU is lost"));
  EXPECT_TRUE(has_text(text, "? missing"));
  EXPECT_FALSE(has_text(text, " 0 W"));
}

TEST(TopTextTest, ShowsAMachineWithoutAnyFigureAsUnknownAndNotAsZero) {
  TopView view;
  view.hostname = "bare";
  view.interval = Seconds(1.0);
  const std::string text = text_of(view, {.width = 80, .height = 24});
  EXPECT_TRUE(has_text(text, "now     –"));
  EXPECT_TRUE(has_text(text, "energy  –"));
  EXPECT_FALSE(has_text(text, "0 W"));
  EXPECT_FALSE(has_text(text, "0 J"));
}

TEST(TopTextTest, PrintsTheWholeOfANote) {
  TopView view = sample_top();
  view.components.back().figure.power.reset();
  view.components.back().silence = "a reason of many words that goes on and on, and ends far away";
  EXPECT_TRUE(has_text(text_of(view, {.width = 60}), "far away"));
}

TEST(TopTextTest, WrapsAnUrgentNoteWhileLinesAreFree) {
  TopView view = sample_top();
  view.components.back().figure.power.reset();
  view.components.back().silence = "a reason of many words that goes on and on, and ends far away";
  EXPECT_TRUE(has_text(text_of(view, {.width = 60, .height = 24}), "far away"));
  const std::string low = text_of(view, {.width = 60, .height = 12});
  EXPECT_FALSE(has_text(low, "far away"));
  EXPECT_TRUE(has_text(low, "n notes"));
  EXPECT_TRUE(has_text(text_of(view, {.width = 60, .height = 12, .notes = true}), "far away"));
}

TEST(TopTextTest, SaysHowToSeeTheNotesThatDoNotFit) {
  TopView view = eight_gpus();
  for (std::size_t i = 0; i < view.devices.size(); ++i) {
    view.devices[i].conditions.throttle_reasons = {"reason " + std::to_string(i)};
  }
  const std::string text = text_of(view, {.width = 80, .height = 24});
  EXPECT_TRUE(has_text(text, "more notes: n shows all")) << text;
  const std::string notes = text_of(view, {.width = 80, .height = 24, .notes = true});
  for (int i = 0; i < 8; ++i) EXPECT_TRUE(has_text(notes, "reason " + std::to_string(i)));
}

TEST(TopTextTest, ShowsTheIntervalOnAn80ColumnTerminalAlsoWhereItIsWide) {
  TopView view = sample_top();
  view.components[2].figure.energy->absolute = Interval{.low = 0.0, .high = 2'000.0};
  const std::string text = text_of(view, {.width = 80, .height = 24});
  EXPECT_TRUE(has_text(line_with(text, "dram 0"), ">±100 %")) << text;
  EXPECT_TRUE(has_text(line_with(text, "gpu 0"), "±4.0 %"));
}

TEST(TopTextTest, ExplainsTheKeysOnASmallTerminalToo) {
  for (const int width : {40, 80}) {
    const std::string text = text_of(sample_top(), {.width = width, .height = 12, .help = true});
    for (const char* key : {"quit", "hold it; energies go on", "longer, shorter interval",
                            "count energies from zero", "scroll", "all notes", "q quit"}) {
      EXPECT_TRUE(has_text(text, key)) << key << "\n" << text;
    }
  }
}

TEST(TopTextTest, ListsComponentsWithoutFiguresBeforeTheFirstInterval) {
  TopView view;
  view.components = {component("cpu package 0", LiveFigure{})};
  const std::string text = text_of(view, {.width = 80, .height = 24});
  EXPECT_TRUE(has_text(line_with(text, "cpu package 0"), "–"));
  EXPECT_FALSE(has_text(text, "missing"));
  EXPECT_TRUE(has_text(text, "processes: counting"));
}

TEST(TopTextTest, SaysThatNothingHasBeenReadYet) {
  EXPECT_TRUE(has_text(text_of(TopView{}, {.width = 80, .height = 24}), "reading the sensors"));
}

TEST(TopTextTest, SaysInWordsWhySeveralGpusAreSlow) {
  TopView view = eight_gpus();
  for (TopDevice& device : view.devices) device.conditions.throttle_reasons = {"power cap"};
  view.devices[3].conditions.throttle_reasons = {"hardware thermal slowdown"};
  const std::string text = text_of(view, {.width = 100, .height = 30});
  EXPECT_TRUE(
      has_text(text, "gpu 0, gpu 1, gpu 2, gpu 4, gpu 5, gpu 6, gpu 7: slowed by power cap"));
  EXPECT_TRUE(has_text(text, "gpu 3: slowed by hardware thermal slowdown"));
}

TEST(TopTextTest, ShowsADeviceWithoutPowerSensorAsInNoFigure) {
  TopView view = sample_top();
  TopDevice device = test::gpu_device(1);
  device.component.clear();
  view.devices.push_back(device);
  const std::string text = text_of(view, {.width = 120, .height = 30});
  EXPECT_TRUE(has_text(line_with(text, "NVIDIA H100 PCIe (gpu 1)  "), "missing"));
  EXPECT_TRUE(has_text(text, "NVIDIA H100 PCIe (gpu 1): in no figure: no power sensor"));
}

TEST(TopTextTest, SaysWhereASensorAveragesOverMoreThanTheInterval) {
  TopView view = sample_top();
  view.components.back().sensor_kind = SensorKind::power_gauge;
  view.components.back().averaging_window = Seconds(30.0);
  EXPECT_TRUE(has_text(text_of(view, {.width = 80, .height = 24}),
                       "gpu 0: its sensor shows the mean of the last 30.0 s"));
}

TEST(TopTextTest, SaysWhenThePictureIsHeld) {
  EXPECT_TRUE(
      has_text(text_of(sample_top(), {.width = 40, .height = 24, .paused = true}), "PAUSED"));
  EXPECT_TRUE(has_text(text_of(sample_top(), {.width = 80, .height = 24, .paused = true}),
                       "PAUSED, energies go on"));
}

TEST(TopTextTest, LetsNoNameGiveTheTerminalOrders) {
  TopView view = sample_top();
  const std::string evil = "\033[2J\x07" + std::string(300, 'x') + "\xff\n\u202e";
  view.hostname = evil;
  view.components.back().name = evil;
  view.components.back().silence = evil;
  view.devices.front().name = evil;
  view.devices.front().component = evil;
  view.devices.front().conditions.throttle_reasons = {evil};
  view.processes.front().user = evil;
  view.processes.front().command = evil;
  view.processes.front().devices.front().device = evil;
  for (const std::optional<int> height : {std::optional(24), std::optional<int>()}) {
    for (const std::string& line : top_lines(view, {.width = 80, .height = height})) {
      EXPECT_EQ(line, printable(line));
      EXPECT_LE(display_width(line), 80);
    }
  }
  EXPECT_EQ(std::string::npos, top_summary(view, {}).find('\033'));
}

TEST(TopTextTest, SumsUpInOneLineAtTheEnd) {
  EXPECT_EQ("1 min 4 s: 18.2 kJ = 5.06 Wh ±4.0 %, modelled, cpu + dram + gpu",
            top_summary(sample_top(), {}));
}

TEST(SparklineTest, IsScaledToTheHighestAndBlankWhereNothingWasSeen) {
  EXPECT_EQ("  ▃▃██", sparkline(measured(300, 1).history, at_second(600), 6, true));
  EXPECT_EQ("  ..##", sparkline(measured(300, 1).history, at_second(600), 6, false));
}

TEST(SparklineTest, ShowsNoPowerAsTheLowestBlock) {
  std::deque<PowerPoint> history;
  for (int second = 541; second <= 600; ++second) {
    history.push_back({.end = at_second(second), .duration = Seconds(1.0), .power = Watts(0.0)});
  }
  EXPECT_EQ("▁▁▁", sparkline(history, at_second(600), 3, true));
}

TEST(SparklineTest, SpreadsALongIntervalOverItsColumns) {
  const std::deque<PowerPoint> history{
      {.end = at_second(580), .duration = Seconds(20.0), .power = Watts(50.0)},
      {.end = at_second(600), .duration = Seconds(20.0), .power = Watts(100.0)}};
  EXPECT_EQ("  ▅▅██", sparkline(history, at_second(600), 6, true));
}

TEST(SparklineTest, DoesNotChangeItsPastAsTimeGoesOn) {
  std::deque<PowerPoint> history = measured(300, 1).history;
  const std::string before = sparkline(history, at_second(600), 6, true);
  history.push_back({.end = at_second(610), .duration = Seconds(10.0), .power = Watts(300.0)});
  const std::string after = sparkline(history, at_second(610), 6, true);
  EXPECT_EQ(" ▃▃███", after);
  EXPECT_EQ("  ▃▃██", before);
}

}  // namespace
}  // namespace wattfor::top_text_test
