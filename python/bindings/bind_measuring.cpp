#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "base/clock.h"
#include "bindings.h"
#include "measurement/json.h"
#include "process/metered_window.h"
#include "process/process_meter.h"
#include "python_object.h"

namespace nb = nanobind;

namespace wattfor::python {
namespace {

void raise_interrupts() {
  const nb::gil_scoped_acquire locked;
  if (PyErr_CheckSignals() != 0) throw nb::python_error();
}

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

void bind_measuring(nb::module_& module) {
  nb::class_<ProcessMeter>(module, "Meter")
      .def(
          "__init__",
          [](ProcessMeter* self, const std::optional<std::string>& simulate, double interval_s) {
            const nb::gil_scoped_release unlocked;  // a driver may take its time to answer
            new (self) ProcessMeter(simulate, Seconds(interval_s));
          },
          nb::arg("simulate").none(), nb::arg("interval_s"))
      .def("stop", &ProcessMeter::stop, nb::call_guard<nb::gil_scoped_release>())
      .def(
          "measure_idle",
          [](ProcessMeter& meter, double duration_s) {
            const nb::gil_scoped_release unlocked;
            meter.measure_idle(Seconds(duration_s), raise_interrupts);
          },
          nb::arg("duration_s"))
      .def_prop_ro("is_ours", &ProcessMeter::is_ours);

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
