#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "measurement/energy.h"
#include "sensor/sensor.h"
#include "units/quantity.h"

namespace wattfor {

// How far back a view remembers power.
inline constexpr Seconds top_history{60.0};

// Power over one interval; nothing where no sensor saw enough of it.
struct PowerPoint {
  Instant end;
  Seconds duration{0.0};
  std::optional<Watts> power;
};

// Power over the latest interval and energy since the start. Each has a basis of its own: a sensor
// that fails now has measured before.
struct LiveFigure {
  Basis basis = Basis::missing;
  std::optional<Watts> power;
  std::optional<Interval> power_interval;  // 95 %, in watts
  Basis energy_basis = Basis::missing;
  std::optional<EnergyFigure> energy;
  // The highest sampled since the start; of the total, of one interval, as the peaks of several
  // components need not coincide.
  std::optional<Watts> peak;
  std::deque<PowerPoint> history;  // the last minute, oldest first
};

struct TopComponent {
  std::string name;
  ComponentKind kind = ComponentKind::other;
  bool in_total = true;
  std::string why_not_in_total;
  LiveFigure figure;
  std::vector<std::string> sensors;  // the one that the figure is of first
  std::optional<SensorKind> sensor_kind;
  std::optional<Seconds> update_period;
  std::optional<Seconds> averaging_window;
  std::string assumption;
  std::string shared_with;
  std::optional<Instant> last_seen;  // the end of the latest interval with a power
  std::string silence;               // why the latest interval has none; empty where it has
  // The figure's energy is of the time since the start up to here, and stands since then, where its
  // sensor has failed: it is what was seen.
  std::optional<Seconds> energy_until;
  bool energy_stands = false;
  std::size_t gaps = 0;  // since the start, as are the faults
  std::vector<std::string> faults;
};

// What a device's driver said of the latest interval.
struct TopDevice {
  std::string name;
  std::string component;  // that shows its power; empty where its power can't be read
  DeviceConditions conditions;
};

struct TopProcess {
  struct Use {
    std::string device;  // its component, else its name
    std::optional<double> memory_bytes;
  };

  int pid = 0;
  std::string user;
  std::string command;
  std::optional<double> cores;  // logical CPUs kept busy; nothing where none was counted
  std::vector<Use> devices;
};

// What `wattfor top` shows.
struct TopView {
  std::string hostname;
  Instant time;              // of the latest interval's end
  Seconds interval{0.0};     // its length
  Seconds elapsed{0.0};      // that the energies are of
  std::string scope;         // what the total sums: "cpu + dram"
  std::string energy_scope;  // the same, of the energy since the start
  LiveFigure total;
  std::vector<TopComponent> components;
  std::vector<TopDevice> devices;
  std::vector<TopProcess> processes;  // those of devices first, then the busiest
  bool processes_counted = false;
  std::size_t obstacles = 0;  // what can't be read here but could be: there is a remedy
  std::vector<std::string> warnings = {};  // as discovery's
};

// Makes a view of a meter's reports as they come.
class TopRecorder {
 public:
  // The view lists the components at once, without figures.
  TopRecorder(std::string hostname, const std::vector<std::unique_ptr<Device>>& devices,
              std::size_t obstacles, std::vector<std::string> warnings = {});

  // The figures of an interval that is over, and of all since the start.
  void add(Instant end, const EnergyReport& interval, const EnergyReport& since_start);
  void show(std::vector<TopProcess> processes) {
    view_.processes = std::move(processes);
    view_.processes_counted = true;
  }
  // The energies count anew; what is left of them is the highest power.
  void restart();

  const TopView& view() const { return view_; }
  // What a process is said to use, for each of the meter's devices.
  const std::vector<std::string>& device_words() const { return device_words_; }

 private:
  TopComponent& component_named(const std::string& name);
  void describe(TopComponent& component, const std::string& sensor) const;
  void sort_components();
  void sum_energy();

  TopView view_;
  std::map<std::string, SensorInfo> sensors_;     // by id
  std::map<std::string, std::string> component_;  // that shows a device's power, by its name
  std::vector<std::string> device_words_;
};

// One line of `wattfor top --json`; keys carry their unit, unknown is null. `time` is the wall
// clock's, in UTC.
nlohmann::json top_json(const TopView& view, const std::string& time);

}  // namespace wattfor
