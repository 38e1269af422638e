#include "sensor/trial_read.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <utility>
#include <variant>

namespace wattfor {

namespace fs = std::filesystem;

const ReadFailure* Trial::failure() const { return std::get_if<ReadFailure>(&reading); }

Trial try_sensor(Sensor& sensor, const std::vector<fs::path>& files) {
  Trial trial{.reading = sensor.read(), .forbidden = {}};
  if (trial.failure() != nullptr && trial.failure()->kind == FailureKind::try_again) {
    trial.reading = sensor.read();
  }
  if (trial.failure() != nullptr) {
    for (const fs::path& file : files) {
      // As the effective user, who is the one that opens files.
      const bool exists = ::eaccess(file.c_str(), F_OK) == 0;
      if (exists && ::eaccess(file.c_str(), R_OK) != 0) trial.forbidden.push_back(file);
    }
  }
  const auto* energy = std::get_if<Joules>(&trial.reading);
  if (sensor.info().in_total && energy != nullptr && *energy == Joules(0.0)) {
    sensor.leave_out_of_total("it stands at zero: it does not count");
  }
  return trial;
}

Obstacle silent(std::string what, const std::string& reason,
                const std::vector<fs::path>& forbidden) {
  if (forbidden.empty()) return {std::move(what), reason, ""};
  std::vector<std::string> files;
  files.reserve(forbidden.size());
  for (const fs::path& file : forbidden) files.push_back(file.string());
  return {std::move(what), reason + "; the command holds until the next boot",
          fmt::format("sudo chmod a+r {}", fmt::join(files, " "))};
}

}  // namespace wattfor
