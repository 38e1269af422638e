#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "base/clock.h"
#include "bindings.h"
#include "measurement/json.h"
#include "process/meter_on_demand.h"
#include "process/metered_window.h"
#include "process/process_meter.h"
#include "python_object.h"

namespace nb = nanobind;

namespace wattfor::python {
namespace {

// Waits for the final figure, for as long as the slowest sensor may take, with the interpreter's
// lock released and an ear for Ctrl-C.
EnergyReport wait_for(MeteredWindow& window) {
  constexpr auto look_again = std::chrono::milliseconds(2);
  const nb::gil_scoped_release unlocked;
  const SystemClock clock;
  const Instant latest = clock.now() + ticks(window.patience());
  while (true) {
    if (const auto report = window.final_report()) return *report;
    if (clock.now() >= latest) return window.settle();
    std::this_thread::sleep_for(look_again);
    raise_interrupts();
  }
}

}  // namespace

void raise_interrupts() {
  const nb::gil_scoped_acquire locked;
  if (PyErr_CheckSignals() != 0) throw nb::python_error();
}

void bind_measuring(nb::module_& module) {
  nb::class_<ProcessMeter>(module, "Meter").def_prop_ro("is_ours", &ProcessMeter::is_ours);
  // A driver may take its time to answer.
  nb::class_<MeterOnDemand>(module, "MeterOnDemand")
      .def(
          "__init__",
          [](MeterOnDemand* self, std::optional<std::string> simulate, double interval_s) {
            new (self) MeterOnDemand(std::move(simulate), Seconds(interval_s));
          },
          nb::arg("simulate").none(), nb::arg("interval_s"))
      .def("meter", &MeterOnDemand::meter, nb::call_guard<nb::gil_scoped_release>())
      .def("stop", &MeterOnDemand::stop, nb::call_guard<nb::gil_scoped_release>())
      .def_prop_ro("is_ours", &MeterOnDemand::is_ours);

  // Opening and closing keep the interpreter's lock: they are shorter than giving it away.
  nb::class_<MeteredWindow>(module, "Window")
      .def(nb::init<std::shared_ptr<ProcessMeter>>(), nb::arg("meter"))
      .def("end", &MeteredWindow::end)
      .def_prop_ro("duration_s",
                   [](const MeteredWindow& window) { return window.duration().count(); })
      .def("so_far", [](MeteredWindow& window) { return python_object(to_json(window.so_far())); })
      .def("wait", [](MeteredWindow& window) { return python_object(to_json(wait_for(window))); })
      .def_prop_ro("true_joules", [](MeteredWindow& window) -> std::optional<double> {
        const auto truth = window.truth();
        return truth ? std::optional(truth->value()) : std::nullopt;
      });
}

}  // namespace wattfor::python
