#include "recording/log_time.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <cmath>
#include <system_error>

namespace wattfor {
namespace {

constexpr Seconds hour{3600.0};
// Between two lines around a change of the zone, at most.
constexpr Seconds beside_the_hour{10.0};

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  int value = 0;
  const char* begin = text.data() + at;
  const auto [end, error] = std::from_chars(begin, begin + count, value);
  if (error != std::errc() || end != begin + count || *begin == '-') return std::nullopt;
  return value;
}

bool follows_a_full_hour(Seconds time) {
  return std::fmod(time.count(), hour.count()) < beside_the_hour.count();
}

bool precedes_a_full_hour(Seconds time) { return follows_a_full_hour(time + beside_the_hour); }

bool is_an_hour(Seconds jump) {
  return std::abs((jump - hour).count()) < 2.0 * beside_the_hour.count();
}

}  // namespace

std::optional<Seconds> log_time(std::string_view text) {
  constexpr std::string_view layout = "0000/00/00 00:00:00";
  if (text.size() < layout.size()) return std::nullopt;
  for (std::size_t i = 0; i < layout.size(); ++i) {
    if (layout[i] != '0' && text[i] != layout[i]) return std::nullopt;
  }
  const auto year = digits(text, 0, 4);
  const auto month = digits(text, 5, 2);
  const auto day = digits(text, 8, 2);
  const auto hours = digits(text, 11, 2);
  const auto minutes = digits(text, 14, 2);
  const auto seconds = digits(text, 17, 2);
  if (!year || !month || !day || !hours || !minutes || !seconds) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok() || *hours > 23 || *minutes > 59 || *seconds > 60) return std::nullopt;
  double fraction = 0.0;
  if (const std::string_view rest = text.substr(layout.size()); !rest.empty()) {
    if (rest.front() != '.' || rest.size() < 2 || rest[1] < '0' || rest[1] > '9') {
      return std::nullopt;
    }
    const auto [end, error] =
        std::from_chars(rest.data(), rest.data() + rest.size(), fraction, std::chars_format::fixed);
    if (error != std::errc() || end != rest.data() + rest.size()) return std::nullopt;
  }
  const Seconds midnight = std::chrono::sys_days(date).time_since_epoch();
  return midnight + *hours * hour + Seconds(60.0 * *minutes + *seconds + fraction);
}

std::string log_time_text(Seconds time) {
  const auto rounded = std::chrono::milliseconds(std::llround(time.count() * 1e3));
  const std::chrono::sys_time<std::chrono::milliseconds> moment(rounded);
  const auto day = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(moment - day);
  return fmt::format("{:04}/{:02}/{:02} {:02}:{:02}:{:02}.{:03}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

Seconds LogClock::continued(Seconds shown) {
  if (last_ && precedes_a_full_hour(*last_) && follows_a_full_hour(shown)) {
    const Seconds step = shown - *last_;
    const bool forward = is_an_hour(step);
    const bool back = is_an_hour(-step);
    if (forward) correction_ -= hour;
    if (back) correction_ += hour;
    if (forward || back) ++changes_;
  }
  last_ = shown;
  return shown + correction_;
}

}  // namespace wattfor
