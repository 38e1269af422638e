#include <fcntl.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/shared_library.h"
#include "fakes/fake_nvml.h"
#include "meter/machine.h"
#include "meter/meter.h"
#include "report/sensors_view.h"
#include "support/captured_machine.h"
#include "support/golden.h"
#include "support/other_user.h"

// Whole machines, composed from the kernel's documentation: what `wattfor sensors` prints on each,
// and what a second of it totals.
namespace wattfor::captured_machines_test {
namespace {

namespace fs = std::filesystem;

const fs::path machines = fs::path(WATTFOR_GOLDEN_DIR).parent_path() / "machines";

// The machine's perf counters, which count from their opening.
class MachinePerfEvents final : public PerfEvents {
 public:
  explicit MachinePerfEvents(const test::CapturedMachine& machine) : machine_(machine) {}

  std::variant<UniqueFd, int> open(const PerfEvent& event) override {
    const auto count = machine_.perf_count(event.type, event.config, event.cpu);
    if (!count) return EACCES;
    UniqueFd counter(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    open_[counter.get()] = {event, *count};
    return counter;
  }

  std::variant<std::uint64_t, int> read(int counter) override {
    const auto& [event, start] = open_.at(counter);
    return *machine_.perf_count(event.type, event.config, event.cpu) - start;
  }

 private:
  const test::CapturedMachine& machine_;
  std::map<int, std::pair<PerfEvent, std::uint64_t>> open_;
};

// The machine's NVIDIA library: a copy of the fake's file, so that each machine has its own.
class MachineNvml {
 public:
  explicit MachineNvml(const std::string& name) {
    if (name.empty()) return;
    fs::copy_file(FAKE_NVML_MODERN, folder_ / "libnvidia-ml.so.1");
    setenv("FAKE_NVML_FILE", (machines / (name + ".nvml.json")).c_str(), 1);
    library_.emplace((folder_ / "libnvidia-ml.so.1").string());
    state_ = library_->symbol<test::FakeNvml*()>("fake_nvml_state")();
    unsetenv("FAKE_NVML_FILE");
    state_->live = false;  // the test's clock is not the library's
    for (const auto& gpu : state_->gpus) start_mj_.push_back(gpu.energy_mj.value);
  }

  // Empty where the machine has none.
  std::string path() const { return library_ ? (folder_ / "libnvidia-ml.so.1").string() : ""; }

  // The counters rise by their GPU's power.
  void show(Seconds since) const {
    for (std::size_t i = 0; i < start_mj_.size(); ++i) {
      auto& gpu = state_->gpus[i];
      gpu.energy_mj.value = start_mj_[i] + static_cast<unsigned long long>(
                                               gpu.power_instant.milliwatts * since.count());
    }
  }

 private:
  test::TempTree folder_;
  std::optional<SharedLibrary> library_;
  test::FakeNvml* state_ = nullptr;
  std::vector<unsigned long long> start_mj_;
};

class CapturedMachinesTest : public testing::Test {
 protected:
  void boot(const std::string& name) {
    name_ = name;
    machine_ = std::make_unique<test::CapturedMachine>(machines / (name + ".machine"));
    nvml_ = std::make_unique<MachineNvml>(machine_->nvml());
    perf_ = std::make_unique<MachinePerfEvents>(*machine_);
    clock_ = std::make_shared<ManualClock>();
    roots_ = {
        .sysfs = machine_->sysfs(), .procfs = machine_->procfs(), .nvml_library = nvml_->path()};
    const test::OtherUser nobody;  // what only root may read shall be forbidden
    found_ = with_modelled_parts(discover(roots_, perf_.get()), roots_, clock_);
  }

  // What `wattfor sensors` prints, in tests/golden/machines/NAME.sensors.txt.
  void expect_sensors() {
    HostFacts host = read_host_facts(roots_.procfs, roots_.sysfs);
    host.hostname = name_;
    host.kernel = "6.12.0";
    SensorsView view = sensors_view(host, found_);
    for (SensorRow& row : view.rows) row.info.source = as_installed(row.info.source);
    for (Obstacle& obstacle : view.obstacles) {
      obstacle.reason = as_installed(obstacle.reason);
      obstacle.remedy = as_installed(obstacle.remedy);
    }
    test::expect_golden("../machines/" + name_ + ".sensors.txt", sensors_text(view, 100));
  }

  // A second of it, sampled every 10 ms.
  EnergyReport second_of_it() {
    Meter meter(std::move(found_.devices), *clock_, {.interval = Seconds(0.01)});
    pass(meter, 100);
    const WindowId window = meter.begin();
    pass(meter, 100);
    meter.end(window);
    pass(meter, 100);
    return meter.wait(window);
  }

  static void expect_total(const EnergyReport& report, double joules) {
    ASSERT_TRUE(report.total.gross);
    EXPECT_NEAR(report.total.gross->energy.value(), joules, 0.002 * joules);
    EXPECT_LE(report.total.gross->absolute->low, joules);
    EXPECT_GE(report.total.gross->absolute->high, joules);
  }

  // The component's joules; a failure of the test where it has none.
  static double joules(const EnergyReport& report, const std::string& name) {
    for (const ComponentEnergy& component : report.components) {
      if (component.name == name && component.gross) return component.gross->energy.value();
    }
    ADD_FAILURE() << "no figure of " << name;
    return 0.0;
  }

 private:
  void pass(Meter& meter, int hundredths) {
    for (int i = 0; i < hundredths; ++i) {
      clock_->advance(std::chrono::milliseconds(10));
      since_ += Seconds(0.01);
      machine_->show(since_);
      nvml_->show(since_);
      meter.sample();
    }
  }

  // A text with the paths that it would have on the machine itself.
  std::string as_installed(std::string text) const {
    for (const auto& [folder, root] :
         {std::pair{machine_->sysfs(), "/sys"}, std::pair{machine_->procfs(), "/proc"}}) {
      const std::string from = folder.string();
      for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
        text.replace(at, from.size(), root);
      }
    }
    return text;
  }

  std::string name_;
  std::unique_ptr<test::CapturedMachine> machine_;
  std::unique_ptr<MachineNvml> nvml_;
  std::unique_ptr<MachinePerfEvents> perf_;
  std::shared_ptr<ManualClock> clock_;
  DiscoveryRoots roots_;
  ProbeResult found_;
  Seconds since_{0.0};
};

TEST_F(CapturedMachinesTest, ATwoSocketServerCountsBothPackagesAndBothMemories) {
  boot("two-socket-xeon");
  expect_sensors();
  const EnergyReport report = second_of_it();
  EXPECT_NEAR(joules(report, "cpu package 0"), 120.0, 0.2);
  EXPECT_NEAR(joules(report, "cpu package 1"), 95.0, 0.2);
  EXPECT_NEAR(joules(report, "dram 0"), 12.0, 0.1);
  EXPECT_NEAR(joules(report, "dram 1"), 10.0, 0.1);
  expect_total(report, 120.0 + 95.0 + 12.0 + 10.0);
}

TEST_F(CapturedMachinesTest, ALaptopCountsItsPackageAndNeitherPsysNorTheBatteryBesides) {
  boot("laptop-psys");
  expect_sensors();
  const EnergyReport report = second_of_it();
  EXPECT_NEAR(joules(report, "cpu package 0"), 18.0, 0.1);
  EXPECT_NEAR(joules(report, "platform 0"), 26.0, 0.1);
  EXPECT_NEAR(joules(report, "battery 0"), 31.4, 0.1);
  // Of its memory only the size is known: 15.4 GiB at 0.2 W each are modelled.
  expect_total(report, 18.0 + joules(report, "dram 0"));
  EXPECT_EQ(report.total.basis, Basis::modelled);
}

TEST_F(CapturedMachinesTest, AnAmdZenCountsItsPackageOnce) {
  boot("amd-zen");
  expect_sensors();
  const EnergyReport report = second_of_it();
  EXPECT_NEAR(joules(report, "cpu package 0"), 65.0, 0.2);
  expect_total(report, 65.0 + joules(report, "dram 0"));
}

TEST_F(CapturedMachinesTest, AJetsonIsItsWholeModuleAndItsRailsAreNotAddedToIt) {
  boot("jetson-orin-nano");
  expect_sensors();
  const EnergyReport report = second_of_it();
  // 5.080 V × 1.456 A; the CPU, the GPU and the memory are in it.
  expect_total(report, 7.39648);
  EXPECT_EQ(report.total.basis, Basis::measured);
  EXPECT_NEAR(joules(report, "VDD_CPU_GPU_CV"), 5.072 * 0.496, 0.001);
  EXPECT_NEAR(joules(report, "VDD_SOC"), 5.072 * 0.296, 0.001);
}

TEST_F(CapturedMachinesTest, AGraceHopperIsItsCpuSocketAndItsGpuAndNotTheModuleBesides) {
  boot("grace-hopper");
  expect_sensors();
  const EnergyReport report = second_of_it();
  EXPECT_NEAR(joules(report, "cpu package 0"), 132.0, 0.2);
  EXPECT_NEAR(joules(report, "gpu 0"), 341.0, 0.5);
  EXPECT_NEAR(joules(report, "module 0"), 487.0, 0.5);
  // The memory of the CPU is in its socket's figure, so that none is modelled.
  expect_total(report, 132.0 + 341.0);
  EXPECT_EQ(report.total.basis, Basis::measured);
}

TEST_F(CapturedMachinesTest, AnAmdDesktopIsItsProcessorAndItsCard) {
  boot("amdgpu-desktop");
  expect_sensors();
  const EnergyReport report = second_of_it();
  EXPECT_NEAR(joules(report, "cpu package 0"), 48.0, 0.1);
  EXPECT_NEAR(joules(report, "gpu 0"), 213.0, 0.3);
  expect_total(report, 48.0 + 213.0 + joules(report, "dram 0"));
  ASSERT_EQ(report.conditions.size(), 1U);
  EXPECT_NEAR(report.conditions[0].utilisation_percent.value(), 87.0, 1e-9);
  EXPECT_NEAR(report.conditions[0].clock_mhz.value(), 2514.0, 1e-9);
}

TEST_F(CapturedMachinesTest, AnIntelCardIsCountedOnceAndAForbiddenPackageIsModelled) {
  boot("intel-arc");
  expect_sensors();
  const EnergyReport report = second_of_it();
  // The 78 J of the package on the card lie inside the card's 92 J.
  EXPECT_NEAR(joules(report, "gpu 0"), 92.0, 0.2);
  expect_total(report, 92.0 + joules(report, "cpu package 0") + joules(report, "dram 0"));
  EXPECT_EQ(report.total.basis, Basis::modelled);
}

TEST_F(CapturedMachinesTest, AVirtualMachineWithNothingIsModelledAndSaysSo) {
  boot("virtual-machine");
  expect_sensors();
  const EnergyReport report = second_of_it();
  for (const ComponentEnergy& component : report.components) {
    EXPECT_EQ(component.basis, Basis::modelled) << component.name;
  }
  EXPECT_EQ(report.total.basis, Basis::modelled);
}

}  // namespace
}  // namespace wattfor::captured_machines_test
