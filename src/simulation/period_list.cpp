#include "simulation/period_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <system_error>

#include "base/error.h"

namespace wattfor {
namespace {

constexpr double shortest_ms = 0.1;
constexpr double longest_ms = 600e3;
constexpr double most_periods = 1000.0;
constexpr double ms_per_second = 1e3;

std::vector<std::string_view> pieces(std::string_view text, char separator) {
  std::vector<std::string_view> result;
  while (true) {
    const std::size_t end = text.find(separator);
    result.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return result;
    text.remove_prefix(end + 1);
  }
}

[[noreturn]] void refuse(std::string_view item) {
  throw Error(ErrorCode::usage,
              fmt::format("--periods-ms: '{}' is neither a period of {:g} to {:g} ms nor a stretch "
                          "of up to {:g} of them such as 20:250:10",
                          item, shortest_ms, longest_ms, most_periods));
}

double number_of(std::string_view text, std::string_view item) {
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
    refuse(item);
  }
  return value;
}

double period_of(std::string_view text, std::string_view item) {
  const double value = number_of(text, item);
  if (value < shortest_ms || value > longest_ms) refuse(item);
  return value;
}

Seconds from_ms(double value) { return Seconds(value / ms_per_second); }

void put_in_order(std::vector<Seconds>& periods) {
  // What steps have added up to is the same as the number that it stands for.
  const auto same = [](Seconds a, Seconds b) { return (b - a).count() < 1e-9; };
  std::ranges::sort(periods);
  periods.erase(std::ranges::unique(periods, same).begin(), periods.end());
}

}  // namespace

PeriodList period_list(std::string_view text) {
  PeriodList list;
  for (const std::string_view item : pieces(text, ',')) {
    const auto numbers = pieces(item, ':');
    if (numbers.size() == 1) {
      list.single.push_back(from_ms(period_of(item, item)));
      list.all.push_back(list.single.back());
    } else if (numbers.size() == 3) {
      const double from = period_of(numbers[0], item);
      const double to = period_of(numbers[1], item);
      const double step = number_of(numbers[2], item);
      if (!(step > 0.0) || to < from || (to - from) / step >= most_periods) refuse(item);
      const long steps = std::lround(std::floor((to - from) / step + 1e-9));
      for (long i = 0; i <= steps; ++i) {
        list.all.push_back(from_ms(from + static_cast<double>(i) * step));
      }
    } else {
      refuse(item);
    }
  }
  put_in_order(list.all);
  put_in_order(list.single);
  if (static_cast<double>(list.all.size()) > most_periods) refuse(text);
  return list;
}

}  // namespace wattfor
