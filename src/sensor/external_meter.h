#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "base/clock.h"
#include "sensor/sensor.h"
#include "units/quantity.h"

namespace wattfor {

// What a meter outside the machine says at once.
struct MeterAnswer {
  std::optional<Watts> power;
  std::optional<Joules> energy;  // counted since some start

  bool operator==(const MeterAnswer&) const = default;
};

struct MeterFailure {
  ReadFailure failure;
  std::string remedy;  // as an Obstacle's
};

using MeterReply = std::variant<MeterAnswer, MeterFailure>;

// A meter as it can be asked; a question may take seconds.
class MeterSource {
 public:
  virtual ~MeterSource() = default;
  virtual MeterReply ask() = 0;
};

// For how long a meter is left alone that has refused the user: controllers lock one out who comes
// with a wrong password again and again. Who opens meters anew waits as long where one was silent.
inline constexpr Seconds pause_after_refusal{60.0};

// What is known of a meter beside its answers.
struct MeterFacts {
  std::string id;      // "csv:/home/me/watts.csv"; its sensors' ids are made of it
  std::string name;    // of the device: "CSV file /home/me/watts.csv"
  std::string source;  // where it is read
  // It is not asked more often: a management controller is slow, and has other work.
  Seconds shortest_pause{0.0};
  Seconds pause_if_refused{0.0};
  Seconds update_period{1.0};
  std::optional<Seconds> averaging_window = std::nullopt;  // of its power
  std::string power_unit = "W";                            // as the meter counts
  std::string energy_unit = "J";
  double gain_uncertainty = 0.0;  // one standard deviation
};

// A device with the meter's counter, where it has one, and its gauge, in this order: power that is
// told once a second says nothing of the time between, energy holds it. The first answer, which is
// asked for here, tells which of the two there are; a meter that gives none is an obstacle, by the
// name that the user gave it.
ProbeResult find_external_meter(
    std::unique_ptr<MeterSource> source, const MeterFacts& facts,
    const std::shared_ptr<const Clock>& clock = std::make_shared<SystemClock>());

// The obstacle that a meter is which can't be asked.
Obstacle silent_meter(std::string name, MeterFailure failure);

}  // namespace wattfor
