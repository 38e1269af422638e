#include "sensor/attribute_sensor.h"

#include <fmt/format.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "sensor/kernel_text.h"

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

std::variant<std::int64_t, ReadFailure> read_count(AttributeFile& file, std::string_view unit) {
  const auto read = file.read();
  if (const int* error_number = std::get_if<int>(&read)) {
    return attribute_failure(*error_number, file.path().string());
  }
  std::string_view text = std::get<std::string_view>(read);
  while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  const auto count = whole_number(text);
  if (!count) {
    return ReadFailure{FailureKind::broken, fmt::format("{}: expected a count of {}, found {:?}",
                                                        file.path().string(), unit, text)};
  }
  return *count;
}

AttributeSensor::AttributeSensor(SensorInfo info, double scale)
    : Sensor(std::move(info)), file_(this->info().source), scale_(scale) {}

Reading AttributeSensor::read() {
  const auto count = read_count(file_, info().unit);
  if (const auto* failure = std::get_if<ReadFailure>(&count)) return *failure;
  const double value = scale_ * static_cast<double>(std::get<std::int64_t>(count));
  if (info().kind == SensorKind::power_gauge) return Watts(value);
  if (value < 0.0 || (info().counter_range && Joules(value) > *info().counter_range)) {
    return ReadFailure{FailureKind::broken,
                       fmt::format("{}: {} {} lies outside the counter's range", info().source,
                                   std::get<std::int64_t>(count), info().unit)};
  }
  return Joules(value);
}

}  // namespace wattfor
