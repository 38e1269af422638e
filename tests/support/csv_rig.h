#pragma once

#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "base/clock.h"
#include "sensor/csv_meter.h"
#include "support/fault_rig.h"
#include "support/temp_tree.h"

namespace wattfor::test {

// A meter's log that grows by a row whenever a reading is shown, a tenth of a second after the one
// before by the rig's own clocks.
class CsvRig final : public FaultRig {
 public:
  explicit CsvRig(SensorKind kind) : kind_(kind) {}

  SensorKind kind() const override { return kind_; }
  std::unique_ptr<Device> find() override {
    const auto wall_clock = [this] {
      if (before_) std::exchange(before_, nullptr)();
      return now_us_;
    };
    ProbeResult found = find_csv_meter(path(), wall_clock, clock_);
    if (found.devices.size() != 1) throw std::runtime_error("the probe should find one device");
    return std::move(found.devices.front());
  }

  void show(Joules energy, Watts power) override {
    if (!begun_) add_row(energy, power);
    begun_ = true;
    now_us_ += step_us;
    clock_->advance(std::chrono::microseconds(step_us));
    add_row(energy, power);
  }

  void put(SourceFault fault) override {
    // A folder can't be read as a file, by root neither.
    if (fault_is_folder()) std::filesystem::remove(path());
    fault_ = fault;
    if (fault_is_folder() || fault == SourceFault::vanished) std::filesystem::remove(path());
    if (fault_is_folder()) std::filesystem::create_directory(path());
  }

  void before_next_read(std::function<void()> action) override { before_ = std::move(action); }

 private:
  static constexpr std::int64_t step_us = 100'000;

  std::filesystem::path path() const { return tree_ / "watts.csv"; }
  bool fault_is_folder() const {
    return fault_ == SourceFault::error_code || fault_ == SourceFault::permission_lost;
  }

  void add_row(Joules energy, Watts power) const {
    if (fault_is_folder() || fault_ == SourceFault::vanished) return;
    const bool counts = kind_ == SensorKind::energy_counter;
    const bool is_new = !std::filesystem::exists(path());
    std::ofstream file(path(), std::ios::app);
    if (is_new) file << "time_us," << (counts ? "energy_j" : "power_w") << "\n";
    file << now_us_ << ",";
    if (fault_ == SourceFault::garbage) {
      file << "\x7f\x01 not a number";
    } else if (fault_ != SourceFault::empty) {
      file << std::to_string(counts ? energy.value() : power.value());
    }
    file << "\n";
  }

  SensorKind kind_;
  TempTree tree_;
  std::shared_ptr<ManualClock> clock_ = std::make_shared<ManualClock>();
  std::int64_t now_us_ = 1'700'000'000'000'000;
  bool begun_ = false;
  SourceFault fault_ = SourceFault::none;
  std::function<void()> before_;
};

}  // namespace wattfor::test
