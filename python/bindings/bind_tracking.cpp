#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "bindings.h"
#include "measurement/json.h"
#include "process/process_meter.h"
#include "process/process_run.h"
#include "python_object.h"
#include "store/store.h"
#include "tracking/mark.h"
#include "tracking/told_facts.h"

namespace nb = nanobind;

namespace wattfor::python {
namespace {

using Told = std::vector<std::pair<std::string, std::string>>;  // words and values

// Throws where a value can't be, before anything is measured.
nlohmann::json facts_of(const Told& told) {
  TrainingFacts facts;
  for (const auto& [word, value] : told) tell(facts, word, value);
  return to_json(facts);
}

// With what is in its energy, which the record says of the whole run.
nlohmann::json window_of(TrackedRun& run, TrackedRun::Key window) {
  nlohmann::json answer = to_json(run.figure(window));
  answer["scope"] = run.so_far().total.scope;
  return answer;
}

nlohmann::json finish(ProcessRun& run, const std::string& outcome, const std::string& reason) {
  const auto how = from_name<Outcome>(outcome);
  if (!how) throw Error(ErrorCode::usage, "no outcome is called " + outcome);
  const ProcessRun::Finished finished = run.finish(*how, reason);
  nlohmann::json answer{{"record", to_json(finished.record)}, {"file", nullptr}, {"failure", ""}};
  if (finished.kept) {
    answer["file"] = finished.kept->file.string();
    answer["failure"] = finished.kept->failure;
  } else {
    answer["failure"] = "it could be written nowhere";
  }
  return answer;
}

nlohmann::json records_of(const std::optional<std::string>& db) {
  nlohmann::json records = nlohmann::json::array();
  for (const Measurement& each : Store(store_path(db), StoreAccess::read).measurements()) {
    if (!each.cell) records.push_back(to_json(each));
  }
  return records;
}

// The answer of `work`, which waits, made without the interpreter's lock.
template <class Work>
nb::object answered(const Work& work) {
  nlohmann::json answer;
  {
    const nb::gil_scoped_release unlocked;
    answer = work();
  }
  return python_object(answer);
}

}  // namespace

void bind_tracking(nb::module_& module) {
  module.def(
      "facts", [](const Told& told) { return python_object(facts_of(told)); }, nb::arg("told"));
  module.def(
      "runs",
      [](const std::optional<std::string>& db) { return answered([&] { return records_of(db); }); },
      nb::arg("db").none());

  nb::class_<ProcessRun>(module, "Run")
      .def(
          "__init__",
          [](ProcessRun* self, const std::shared_ptr<ProcessMeter>& meter, std::string name,
             std::vector<std::string> command, Told settings, std::optional<std::string> db) {
            const nb::gil_scoped_release unlocked;
            new (self) ProcessRun(meter, {.name = std::move(name),
                                          .command = std::move(command),
                                          .settings = std::move(settings),
                                          .db = std::move(db)});
          },
          nb::arg("meter"), nb::arg("name"), nb::arg("command"), nb::arg("settings"),
          nb::arg("db").none())
      .def_prop_ro("is_ours", &ProcessRun::is_ours)
      .def_prop_ro("id", &ProcessRun::id)
      .def_prop_ro("trouble", &ProcessRun::trouble)
      .def_prop_ro("goes_by_file", [](const ProcessRun&) { return ProcessRun::goes_by_file(); })
      .def(
          "begin_epoch",
          [](ProcessRun& run, std::optional<std::int64_t> number) {
            return run.tracked()->begin_epoch(number);
          },
          nb::arg("number").none())
      .def(
          "mark_epoch",
          [](ProcessRun& run, std::optional<std::int64_t> number) {
            run.tracked()->mark_epoch(number);
          },
          nb::arg("number").none())
      .def(
          "mark_step",
          [](ProcessRun& run, std::optional<std::int64_t> total) {
            run.tracked()->take(mark::Step{.total = total});
          },
          nb::arg("total").none())
      .def(
          "begin_window",
          [](ProcessRun& run, std::string name) {
            return run.tracked()->begin_window(std::move(name));
          },
          nb::arg("name"))
      .def(
          "end_window",
          [](ProcessRun& run, ProcessRun::Key window) { run.tracked()->end_window(window); },
          nb::arg("window"))
      .def(
          "tell",
          [](ProcessRun& run, const Told& told) {
            for (const auto& [word, value] : told) {
              run.tracked()->take(mark::Fact{.word = word, .value = value});
            }
          },
          nb::arg("told"))
      .def(
          "window",
          [](ProcessRun& run, ProcessRun::Key window) {
            return answered([&] { return window_of(*run.tracked(), window); });
          },
          nb::arg("window"))
      .def("checkpoint", &ProcessRun::checkpoint, nb::call_guard<nb::gil_scoped_release>())
      .def("so_far",
           [](ProcessRun& run) {
             return answered([&] { return to_json(run.tracked()->so_far()); });
           })
      .def("record_by_now",
           [](ProcessRun& run) {
             return answered([&] { return to_json(run.tracked()->record_by_now()); });
           })
      .def(
          "finish",
          [](ProcessRun& run, const std::string& outcome, const std::string& reason) {
            return answered([&] { return finish(run, outcome, reason); });
          },
          nb::arg("outcome"), nb::arg("reason"));
}

}  // namespace wattfor::python
