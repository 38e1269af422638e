#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "base/attribute_file.h"
#include "sensor/sensor.h"

namespace wattfor {

// What a failed read of a file under /sys means: its device is gone, busy for now, or broken.
ReadFailure attribute_failure(int error_number, const std::string& file);

// A kernel attribute as the whole number that it should be; garbage and an empty file are failures
// that name the file and the expected unit ("µJ").
std::variant<std::int64_t, ReadFailure> read_count(AttributeFile& file, std::string_view unit);

// A sensor that is one attribute file with one whole number: an energy counter or a power gauge,
// `info.source` its path, a count of `scale` joules or watts.
class AttributeSensor final : public Sensor {
 public:
  AttributeSensor(SensorInfo info, double scale);

  Reading read() override;

 private:
  AttributeFile file_;
  double scale_;
};

}  // namespace wattfor
