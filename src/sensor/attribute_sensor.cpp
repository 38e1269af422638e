#include "sensor/attribute_sensor.h"

#include <fmt/format.h>

#include <cerrno>
#include <charconv>
#include <system_error>
#include <utility>

namespace wattfor {

ReadFailure attribute_failure(int error_number, const std::string& file) {
  const std::string reason =
      fmt::format("{}: {}", file, std::generic_category().message(error_number));
  switch (error_number) {
    case ENODEV:
    case ENOENT:
    case ENXIO:
      return {FailureKind::gone, reason};
    case EACCES:
    case EPERM:
      return {FailureKind::forbidden, reason};
    case EAGAIN:
    case EBUSY:
    case ENODATA:
    case ETIMEDOUT:
      return {FailureKind::try_again, reason};
    default:
      return {FailureKind::broken, reason};
  }
}

std::variant<std::int64_t, ReadFailure> parse_count(std::string_view text, const std::string& file,
                                                    std::string_view unit) {
  while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end != text.data() + text.size()) {
    return ReadFailure{FailureKind::broken,
                       fmt::format("{}: expected a count of {}, found {:?}", file, unit, text)};
  }
  return count;
}

AttributeSensor::AttributeSensor(SensorInfo info, double scale)
    : Sensor(std::move(info)), file_(this->info().source), scale_(scale) {}

Reading AttributeSensor::read() {
  const auto text = file_.read();
  if (const int* error_number = std::get_if<int>(&text)) {
    return attribute_failure(*error_number, info().source);
  }
  const auto parsed = parse_count(std::get<std::string_view>(text), info().source, info().unit);
  if (const auto* failure = std::get_if<ReadFailure>(&parsed)) return *failure;
  const double value = scale_ * static_cast<double>(std::get<std::int64_t>(parsed));
  if (info().kind == SensorKind::power_gauge) return Watts(value);
  if (value < 0.0 || (info().counter_range && Joules(value) > *info().counter_range)) {
    return ReadFailure{FailureKind::broken,
                       fmt::format("{}: {} {} lies outside the counter's range", info().source,
                                   std::get<std::int64_t>(parsed), info().unit)};
  }
  return Joules(value);
}

}  // namespace wattfor
