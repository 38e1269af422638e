#include "document/plotted_axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string_view>

#include "document/letter_widths.h"
#include "document/numbers.h"
#include "document/svg.h"

namespace wattfor {
namespace {

double along_scale(AxisScale scale, double value) {
  return scale == AxisScale::log10 ? std::log10(value) : value;
}

// With so many digits behind the point; "1,234" where thousands are to be told apart.
std::string tick_number(double value, int decimals, bool with_thousands) {
  std::string text = fmt::format("{:.{}f}", std::abs(value), decimals);
  if (with_thousands) {
    const std::size_t point = std::min(text.find('.'), text.size());
    for (std::size_t i = point; i > 3; i -= 3) text.insert(i - 3, ",");
  }
  return (value < 0.0 ? "−" : "") + text;
}

// "10 mJ", "2.5 kJ", "20 k" with at most so many significant digits.
std::string prefixed_number(double value, std::string_view unit, int digits) {
  if (value == 0.0) return unit.empty() ? "0" : fmt::format("0 {}", unit);
  constexpr std::array<std::string_view, 9> prefixes{"p", "n", "µ", "m", "", "k", "M", "G", "T"};
  constexpr int unit_prefix = 4;
  const double thousands = std::floor(std::log10(std::abs(value)) / 3.0 + 1e-9);
  const int prefix = static_cast<int>(std::clamp(thousands, -4.0, 4.0));
  const std::string number =
      fmt::format("{:.{}g}", std::abs(value) * std::pow(1000.0, -prefix), digits);
  const std::string sign = value < 0.0 ? "−" : "";
  const std::string_view letter = prefixes.begin()[unit_prefix + prefix];
  if (unit.empty() && letter.empty()) return sign + number;
  return fmt::format("{}{} {}{}", sign, number, letter, unit);
}

std::string power_number(double value) {
  const int exponent = static_cast<int>(std::floor(std::log10(value) + 1e-9));
  const double digit = value / std::pow(10.0, exponent);
  const std::string power = power_of_ten(exponent);
  return std::abs(digit - 1.0) < 1e-6 ? power : fmt::format("{:.3g}·{}", digit, power);
}

int decimals_of(double step) {
  return std::max(0, -static_cast<int>(std::floor(std::log10(step) + 1e-9)));
}

}  // namespace

bool has_place(const FigureAxis& axis, double value) {
  return std::isfinite(value) && (axis.scale == AxisScale::linear || value > 0.0);
}

PlottedAxis::PlottedAxis(const FigureAxis& axis, AxisSide side, std::optional<Interval> data,
                         double room)
    : axis_(axis), side_(side) {
  const auto asked = [&](const std::optional<double>& end) {
    return end && has_place(axis, *end) ? end : std::nullopt;
  };
  const auto low = asked(axis.low);
  const auto high = asked(axis.high);
  if (!data && !low && !high) {
    data = axis.scale == AxisScale::log10 ? Interval{0.1, 10.0} : Interval{0.0, 1.0};
  }
  if (!data) data = Interval{low.value_or(*(low ? low : high)), high.value_or(*(low ? low : high))};
  double first = along_scale(axis.scale, low ? std::min(*low, data->low) : data->low);
  double last = along_scale(axis.scale, high ? std::max(*high, data->high) : data->high);
  if (!(last > first)) {
    const double beside =
        axis.scale == AxisScale::log10 ? 0.5 : std::max(0.05 * std::abs(first), 0.5);
    first -= beside;
    last += beside;
  }
  const double beyond = room * (last - first);
  if (!low || data->low < *low) first -= beyond;
  if (!high || data->high > *high) last += beyond;
  constexpr double farthest = 307.0;  // decades that a double has
  low_ = axis.scale == AxisScale::log10 ? std::pow(10.0, std::max(first, -farthest)) : first;
  high_ = axis.scale == AxisScale::log10 ? std::pow(10.0, std::min(last, farthest)) : last;
}

void PlottedAxis::lay(double from, double to) {
  from_ = from;
  to_ = to;
}

std::optional<double> PlottedAxis::at(double value) const {
  if (!has_place(axis_, value)) return std::nullopt;
  const double first = along_scale(axis_.scale, low_);
  const double last = along_scale(axis_.scale, high_);
  return from_ + (along_scale(axis_.scale, value) - first) / (last - first) * (to_ - from_);
}

std::vector<double> PlottedAxis::linear_places(int about) const {
  const AxisTicks round = axis_ticks(low_, high_, about);
  std::vector<double> places;
  const double hair = 1e-9 * (high_ - low_);
  for (double place : round.places()) {
    place = std::round(place / round.step) * round.step;
    if (place >= low_ - hair && place <= high_ + hair) places.push_back(place);
  }
  return places;
}

std::vector<double> PlottedAxis::log_places(bool between_decades, int stride) const {
  std::vector<double> places;
  const int first = static_cast<int>(std::floor(std::log10(low_)));
  const int last = static_cast<int>(std::ceil(std::log10(high_)));
  for (int exponent = first; exponent <= last; ++exponent) {
    if (exponent % stride != 0) continue;
    for (const double digit : {1.0, 2.0, 5.0}) {
      if (digit > 1.0 && !between_decades) break;
      const double place = digit * std::pow(10.0, exponent);
      constexpr double hair = 1e-9;
      if (place >= low_ * (1.0 - hair) && place <= high_ * (1.0 + hair)) places.push_back(place);
    }
  }
  return places;
}

// From the one that is liked best to the sparsest.
std::vector<std::vector<double>> PlottedAxis::candidates() const {
  std::vector<std::vector<double>> lists;
  const auto add_linear = [&] {
    for (const int about : {8, 6, 5, 4, 3, 2, 1}) lists.push_back(linear_places(about));
  };
  if (axis_.scale == AxisScale::linear) {
    add_linear();
    return lists;
  }
  constexpr std::size_t enough = 3;
  if (log_places(false, 1).size() < enough) {
    if (auto finer = log_places(true, 1); finer.size() >= enough) {
      lists.push_back(std::move(finer));
    } else {
      add_linear();
    }
  }
  const int decades = static_cast<int>(std::ceil(std::log10(high_) - std::log10(low_)));
  for (int stride = 1; stride <= std::max(1, decades); ++stride) {
    lists.push_back(log_places(false, stride));
  }
  return lists;
}

std::vector<AxisTick> PlottedAxis::labelled(const std::vector<double>& values) const {
  double largest = 0.0;
  double smallest = std::numeric_limits<double>::max();
  for (const double value : values) {
    largest = std::max(largest, std::abs(value));
    smallest = std::min(smallest, std::abs(value));
  }
  const bool is_log = axis_.scale == AxisScale::log10;
  const double step = values.size() > 1 ? values[1] - values[0] : 1.0;
  // As many as tell each tick from the next.
  const double finest = is_log || largest == 0.0 ? 1.0 : std::log10(largest / step);
  const int digits = std::clamp(2 + static_cast<int>(std::ceil(finest)), 3, 15);

  const auto label_of = [&](double value) {
    if (axis_.numbers == TickNumbers::si) return prefixed_number(value, axis_.unit, digits);
    constexpr double smallest_plain = 0.99e-4;
    constexpr double largest_plain = 1e7;
    constexpr double largest_plain_power = 1.01e5;
    constexpr double thousands_from = 9999.0;  // 2000 is a year
    const bool with_thousands = largest > thousands_from;
    if (is_log) {
      if (smallest < smallest_plain || largest > largest_plain_power) return power_number(value);
      return tick_number(value, decimals_of(value), with_thousands);
    }
    constexpr int most_decimals = 9;
    if (largest >= largest_plain || decimals_of(step) > most_decimals) {
      return fmt::format("{}{:.{}g}", value < 0.0 ? "−" : "", std::abs(value), digits);
    }
    return tick_number(value, decimals_of(step), with_thousands);
  };
  std::vector<AxisTick> ticks;
  ticks.reserve(values.size());
  for (const double value : values) {
    ticks.push_back({.place = at(value).value_or(from_), .label = label_of(value)});
  }
  return ticks;
}

bool PlottedAxis::fit(const std::vector<AxisTick>& ticks) const {
  constexpr double between_words = 14.0;
  constexpr double line_height = 1.5 * tick_size;
  for (std::size_t i = 1; i < ticks.size(); ++i) {
    const double distance = std::abs(ticks[i].place - ticks[i - 1].place);
    const double needed = side_ == AxisSide::left
                              ? line_height
                              : 0.5 * (text_width(ticks[i - 1].label, tick_size) +
                                       text_width(ticks[i].label, tick_size)) +
                                    between_words;
    if (distance < needed) return false;
  }
  return true;
}

std::vector<AxisTick> PlottedAxis::ticks() const {
  std::vector<double> chosen;
  std::vector<AxisTick> ticks;
  for (auto& values : candidates()) {
    chosen = std::move(values);
    ticks = labelled(chosen);
    if (fit(ticks)) break;
  }
  if (!fit(ticks)) ticks.resize(1);
  if (axis_.scale == AxisScale::linear) return ticks;
  // The digits between decades.
  constexpr double most_decades = 14.0;
  if (std::log10(high_ / low_) > most_decades) return ticks;
  const int first = static_cast<int>(std::floor(std::log10(low_)));
  const int last = static_cast<int>(std::ceil(std::log10(high_)));
  for (int exponent = first; exponent <= last; ++exponent) {
    for (int digit = 1; digit <= 9; ++digit) {
      const double value = digit * std::pow(10.0, exponent);
      const bool known = std::ranges::any_of(
          chosen, [&](double other) { return std::abs(other - value) < 1e-6 * value; });
      if (value >= low_ && value <= high_ && !known) {
        ticks.push_back({.place = at(value).value_or(from_), .label = ""});
      }
    }
  }
  return ticks;
}

std::string PlottedAxis::heading() const {
  if (axis_.unit.empty() || axis_.numbers == TickNumbers::si) return axis_.label;
  return fmt::format("{}, {}", axis_.label, axis_.unit);
}

std::string hovered_number(const FigureAxis& axis, double value) {
  if (axis.numbers == TickNumbers::si) return si_number(value, axis.unit);
  constexpr double plain_below = 1e6;
  const std::string digits =
      std::abs(value) < plain_below ? plain_number(value) : fmt::format("{:.4g}", value);
  return axis.unit.empty() ? digits : fmt::format("{} {}", digits, axis.unit);
}

}  // namespace wattfor
