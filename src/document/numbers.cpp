#include "document/numbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>

namespace wattfor {
namespace {

// The decimal exponent of a number once it is rounded to that many significant digits: of 999.7 and
// three digits it is 3.
int rounded_exponent(double value, int digits) {
  const std::string text = fmt::format("{:.{}e}", value, digits - 1);
  return std::stoi(text.substr(text.find('e') + 1));
}

// A number of the magnitude 1 … 999 with that many significant digits.
std::string significant(double value, int digits) {
  const int decimals = std::max(0, digits - 1 - rounded_exponent(value, digits));
  return fmt::format("{:.{}f}", value, decimals);
}

// A share of one as percent, without sign and with two significant digits.
std::string percent(double share) {
  const double value = std::abs(share) * 100.0;
  return value == 0.0 ? "0" : significant(value, 2);
}

}  // namespace

std::string si_number(double value, std::string_view unit) {
  if (!std::isfinite(value)) return std::string(unknown_number);
  if (value == 0.0) return fmt::format("0 {}", unit);
  constexpr std::array<std::string_view, 9> prefixes{"p", "n", "µ", "m", "", "k", "M", "G", "T"};
  constexpr int unit_prefix = 4;
  constexpr int digits = 3;
  const int thousands = static_cast<int>(std::floor(rounded_exponent(value, digits) / 3.0));
  const int prefix = std::clamp(thousands, -unit_prefix, unit_prefix);
  const double scaled = value * std::pow(1000.0, -prefix);
  return fmt::format("{} {}{}", significant(scaled, digits), prefixes.begin()[unit_prefix + prefix],
                     unit);
}

std::string power_text(const std::optional<Watts>& power) {
  return power ? si_number(power->value(), "W") : std::string(unknown_number);
}

std::string energy_text(const std::optional<EnergyFigure>& figure) {
  return figure ? si_number(figure->energy.value(), "J") : std::string(unknown_number);
}

std::string plain_number(double value) {
  if (!std::isfinite(value)) return std::string(unknown_number);
  if (value == 0.0) return "0";
  constexpr int digits = 3;
  if (rounded_exponent(value, digits) < 2) return significant(value, digits);
  std::string text = fmt::format("{:.0f}", value);
  const std::size_t first_digit = value < 0.0 ? 1 : 0;
  for (std::size_t i = text.size(); i > first_digit + 3; i -= 3) text.insert(i - 3, ",");
  return text;
}

std::string power_of_ten(int exponent) {
  constexpr std::array<std::string_view, 10> digits{"⁰", "¹", "²", "³", "⁴",
                                                    "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string text = exponent < 0 ? "10⁻" : "10";
  for (const char digit : std::to_string(std::abs(exponent))) text += digits.at(digit - '0');
  return text;
}

std::string duration_text(Seconds duration) {
  const double seconds = duration.count();
  if (!std::isfinite(seconds)) return std::string(unknown_number);
  if (seconds < 59.95) return si_number(seconds, "s");
  const auto whole = static_cast<std::int64_t>(std::llround(seconds));
  constexpr std::int64_t minute = 60;
  constexpr std::int64_t hour = 60 * minute;
  constexpr std::int64_t day = 24 * hour;
  if (whole < hour) return fmt::format("{} min {} s", whole / minute, whole % minute);
  if (whole < day) return fmt::format("{} h {} min", whole / hour, whole % hour / minute);
  return fmt::format("{} d {} h", whole / day, whole % day / hour);
}

std::string relative_interval(double value, const std::optional<Interval>& interval) {
  if (!interval) return std::string(unknown_number);
  const double below = (interval->low - value) / std::abs(value);
  const double above = (interval->high - value) / std::abs(value);
  if (!std::isfinite(below) || !std::isfinite(above)) return std::string(unknown_number);
  if (below <= 0.0 && above >= 0.0 && percent(below) == percent(above)) {
    return fmt::format("±{} %", percent(above));
  }
  const auto signed_percent = [](double share) {
    return fmt::format("{}{}", share < 0.0 ? "−" : "+", percent(share));
  };
  return fmt::format("{} … {} %", signed_percent(below), signed_percent(above));
}

std::string narrow_interval(double value, const std::optional<Interval>& interval) {
  constexpr double prints_as_more = 1.005;
  const bool wide =
      interval && value != 0.0 &&
      std::max(value - interval->low, interval->high - value) > prints_as_more * std::abs(value);
  return wide ? ">±100 %" : relative_interval(value, interval);
}

std::string signed_share(const std::optional<double>& share) {
  std::string size = plain_share(share);
  if (size == unknown_number || size == "0 %") return size;
  return (*share < 0.0 ? "−" : "+") + size;
}

std::string plain_share(const std::optional<double>& share) {
  constexpr double nothing = 5e-6;
  if (!share || !std::isfinite(*share)) return std::string(unknown_number);
  return (std::abs(*share) < nothing ? "0" : percent(*share)) + " %";
}

}  // namespace wattfor
