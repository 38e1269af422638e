// Whatever a file holds, it is read or refused with a reason.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "base/error.h"
#include "recording/marks.h"
#include "recording/nvidia_smi_log.h"
#include "recording/replay.h"
#include "simulation/random.h"

namespace wattfor::damage_test {
namespace {

std::string log_text() {
  std::string text = "timestamp, index, name, power.draw [W], power.draw.instant [W]\n";
  for (int i = 0; i < 60; ++i) {
    const double power = i / 5 % 2 == 0 ? 60.0 + 0.01 * i : 300.0;
    text += fmt::format("2023/07/14 10:12:{:02}.{:03}, 0, NVIDIA A100, {:.2f} W, {:.2f} W\n",
                        10 + i / 50, i * 20 % 1000, power, power);
  }
  return text;
}

constexpr const char* marks_text =
    "start_us,end_us\n1689329530200000,1689329530800000\n1689329530500000,1689329531000000\n";

std::size_t place_in(const std::string& text, Random& random) {
  return static_cast<std::size_t>(random.uniform() * static_cast<double>(text.size()));
}

// Up to three cuts, repetitions and other bytes.
std::string damaged(std::string text, Random& random) {
  constexpr std::string_view bytes = "\n\r\",;[]W.-0 9e\xFF\x00:/nan";
  const int wounds = 1 + static_cast<int>(random.uniform() * 3.0);
  for (int i = 0; i < wounds && !text.empty(); ++i) {
    const std::size_t at = place_in(text, random);
    const auto length = static_cast<std::size_t>(random.uniform() * 80.0);
    const double kind = random.uniform();
    if (kind < 0.3) {
      text.erase(at, length);
    } else if (kind < 0.6) {
      text.insert(at, text.substr(place_in(text, random), length));
    } else {
      text[at] = bytes[static_cast<std::size_t>(random.uniform() * bytes.size())];
    }
  }
  return text;
}

bool is_plain(const std::optional<Interval>& interval) {
  return interval && std::isfinite(interval->low) && std::isfinite(interval->high);
}

TEST(DamageTest, EveryLogAndEveryListOfMarksIsReadOrRefused) {
  constexpr int files = 1500;
  Random random(17);
  int figures = 0;
  int refusals = 0;
  for (int i = 0; i < files; ++i) {
    const std::string log = random.uniform() < 0.8 ? damaged(log_text(), random) : log_text();
    const std::string marks = random.uniform() < 0.3 ? damaged(marks_text, random) : marks_text;
    try {
      const NvidiaSmiLog read = read_nvidia_smi_log(log, "log.csv");
      EXPECT_TRUE(std::ranges::is_sorted(read.polls, {}, &Update::time)) << log;
      EXPECT_TRUE(std::ranges::is_sorted(read.gaps, {}, &LogGap::from)) << log;
      const Replay found = replay(read, read_marks(marks, "marks.csv"), {}, "log.csv");
      for (const ReplayedWindow& window : found.windows) {
        EXPECT_NE(window.estimate.has_value(), !window.reason.empty());
        if (!window.estimate) continue;
        ++figures;
        const EnergyFigure& figure = window.estimate->figure;
        EXPECT_TRUE(std::isfinite(figure.energy.value())) << log;
        EXPECT_TRUE(is_plain(figure.absolute) && is_plain(figure.comparison)) << log;
      }
    } catch (const Error& error) {
      ++refusals;
      EXPECT_EQ(ErrorCode::invalid_input, error.code());
    }
  }
  EXPECT_GT(figures, files / 3);
  EXPECT_GT(refusals, files / 20);
}

}  // namespace
}  // namespace wattfor::damage_test
