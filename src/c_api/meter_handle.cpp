#include "c_api/meter_handle.h"

#include <fmt/format.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "base/error.h"
#include "c_api/guarded.h"
#include "c_api/options.h"
#include "sensor/host_job.h"

namespace wattfor::c_api {
namespace {

// The size of the options in the first version, whose last member was this.
constexpr std::size_t first_meter_options =
    offsetof(wattfor_meter_options, interval_s) + sizeof(double);

constexpr double default_interval_s = 0.1;
constexpr double least_interval_s = 0.001;
constexpr double most_interval_s = 60.0;
constexpr double most_idle_s = 3600.0;

// An empty variable is as one that is not set.
std::optional<std::string> simulation_of(const char* given) {
  if (given != nullptr) return given;
  auto variable = environment_variable("WATTFOR_SIMULATE");
  return variable && !variable->empty() ? variable : std::nullopt;
}

Seconds interval_of(double given_s) {
  if (given_s == 0.0) return Seconds(default_interval_s);
  if (!(given_s >= least_interval_s && given_s <= most_interval_s)) {
    throw Error(ErrorCode::invalid_input, fmt::format("interval_s: expected {} to {} s, found {}",
                                                      least_interval_s, most_interval_s, given_s));
  }
  return Seconds(given_s);
}

}  // namespace
}  // namespace wattfor::c_api

namespace c_api = wattfor::c_api;

wattfor_status wattfor_meter_open(const wattfor_meter_options* options, wattfor_meter** meter) {
  return c_api::guarded([&] {
    wattfor_meter*& opened = c_api::required(meter, "where to put the meter");
    opened = nullptr;
    const auto known = c_api::known_options(options, c_api::first_meter_options);
    const wattfor::Seconds interval = c_api::interval_of(known.interval_s);
    auto made = std::make_unique<wattfor_meter>();
    made->on_demand =
        std::make_shared<wattfor::MeterOnDemand>(c_api::simulation_of(known.simulate), interval);
    made->meter = made->on_demand->meter();  // what can't be metered is said here
    opened = made.release();
  });
}

const char* wattfor_meter_warning(const wattfor_meter* meter, size_t index) {
  return c_api::guarded_answer<const char*>(nullptr, [&]() -> const char* {
    const auto& warnings = c_api::required(meter, "the meter").meter->warnings();
    return index < warnings.size() ? warnings[index].c_str() : nullptr;
  });
}

wattfor_status wattfor_meter_measure_idle(wattfor_meter* meter, double duration_s) {
  return c_api::guarded([&] {
    wattfor_meter& opened = c_api::required(meter, "the meter");
    if (!(duration_s > 0.0 && duration_s <= c_api::most_idle_s)) {
      throw wattfor::Error(
          wattfor::ErrorCode::invalid_input,
          fmt::format("the duration at rest: expected above 0 up to {} s, found {}",
                      c_api::most_idle_s, duration_s));
    }
    opened.meter->measure_idle(wattfor::Seconds(duration_s), [] {});
    opened.idle_s = duration_s;
  });
}

void wattfor_meter_close(wattfor_meter* meter) { delete meter; }
