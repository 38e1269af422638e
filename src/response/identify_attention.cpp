#include "response/identify_attention.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

namespace wattfor {
namespace {

constexpr double contradiction = 3.0;    // standard errors of the difference, …
constexpr double also_different = 0.02;  // … and this, for what neither error holds

std::string percent(const Uncertain<double>& attention) {
  return fmt::format("{:.0f} ± {:.0f} %", 100.0 * attention.value,
                     100.0 * attention.standard_error);
}

}  // namespace

void take_attention(AttentionResult test, Identification& found) {
  const auto [low, high] = std::ranges::minmax(test.means);
  found.notes.push_back(fmt::format(
      "attention: a load in step with the updates reads {:.4g} to {:.4g} W, by the moment of its "
      "launch: the sensor looks {}",
      low.value(), high.value(), test.part_time ? "away for a part of the time" : "all the time"));
  auto& attention = found.profile.attention;
  if (test.attention && !attention) {
    attention = test.attention;
  } else if (test.attention) {
    const double apart = std::abs(test.attention->value - attention->value);
    const double error = std::hypot(test.attention->standard_error, attention->standard_error);
    if (apart > contradiction * error + also_different) {
      found.notes.push_back(fmt::format(
          "attention: the load's steps tell {}, a load in step with the updates {}: the sensor is "
          "none of the kinds, or the load did not keep its shape",
          percent(*attention), percent(*test.attention)));
    }
  }
  found.attention_test = std::move(test);
}

}  // namespace wattfor
