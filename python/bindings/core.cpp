#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <tuple>

#include "base/clock.h"
#include "base/error.h"
#include "document/numbers.h"
#include "forks.h"
#include "log_lines.h"
#include "measurement/json.h"
#include "metered_window.h"
#include "process_meter.h"
#include "python_object.h"

namespace nb = nanobind;

namespace wattfor::python {
namespace {

// What went wrong in the words of the caller is a ValueError, all else a `_core.Error`.
void translate(const std::exception_ptr& thrown, void* error_type) {
  try {
    std::rethrow_exception(thrown);
  } catch (const Error& error) {
    const bool callers =
        error.code() == ErrorCode::usage || error.code() == ErrorCode::invalid_input;
    PyErr_SetString(callers ? PyExc_ValueError : static_cast<PyObject*>(error_type), error.what());
  }
}

// Waits for the final figure, for as long as the slowest sensor may take, with the interpreter's
// lock released and an ear for Ctrl-C.
EnergyReport wait_for(MeteredWindow& window) {
  constexpr auto look_again = std::chrono::milliseconds(2);
  const SystemClock clock;
  const Instant latest = clock.now() + ticks(window.patience());
  while (true) {
    {
      const nb::gil_scoped_release unlocked;
      if (const auto report = window.final_report()) return *report;
      if (clock.now() >= latest) return window.settle();
      std::this_thread::sleep_for(look_again);
    }
    if (PyErr_CheckSignals() != 0) throw nb::python_error();
  }
}

}  // namespace

NB_MODULE(_core, module) {
  // Windows that are still open as the interpreter ends are nothing to complain of.
  nb::set_leak_warnings(false);
  std::ignore = fork_generation();
  keep_log_lines();

  static PyObject* error_type =
      PyErr_NewException("wattfor._core.Error", PyExc_RuntimeError, nullptr);
  module.attr("Error") = nb::borrow(error_type);
  nb::register_exception_translator(translate, error_type);
  module.def("take_log_lines", take_log_lines);
  module.def("fork_generation", fork_generation);
  module.def("si_number", si_number, nb::arg("value"), nb::arg("unit"));
  module.def(
      "relative_interval",
      [](double value, double low, double high) {
        return relative_interval(value, Interval{.low = low, .high = high});
      },
      nb::arg("value"), nb::arg("low"), nb::arg("high"));
  module.def(
      "duration_text", [](double seconds) { return duration_text(Seconds(seconds)); },
      nb::arg("seconds"));

  nb::class_<ProcessMeter>(module, "Meter")
      .def(
          "__init__",
          [](ProcessMeter* self, std::optional<std::string> simulate, double interval_s) {
            const nb::gil_scoped_release unlocked;  // a driver may take its time to answer
            new (self) ProcessMeter(simulate, Seconds(interval_s));
          },
          nb::arg("simulate").none(), nb::arg("interval_s"))
      .def("stop", &ProcessMeter::stop, nb::call_guard<nb::gil_scoped_release>())
      .def_prop_ro("is_ours", &ProcessMeter::is_ours);

  nb::class_<MeteredWindow>(module, "Window")
      .def(nb::init<std::shared_ptr<ProcessMeter>>(), nb::arg("meter"))
      .def("end", &MeteredWindow::end)
      .def_prop_ro("has_ended", &MeteredWindow::has_ended)
      .def_prop_ro("duration_s",
                   [](const MeteredWindow& window) { return window.duration().count(); })
      .def("so_far",
           [](MeteredWindow& window) { return python_object(to_json(window.so_far())); })
      .def("wait", [](MeteredWindow& window) { return python_object(to_json(wait_for(window))); })
      .def_prop_ro("true_joules", [](MeteredWindow& window) -> std::optional<double> {
        const auto truth = window.truth();
        return truth ? std::optional(truth->value()) : std::nullopt;
      });
}

}  // namespace wattfor::python
