#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <cstdint>
#include <exception>
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
TrainingFacts facts_of(const Told& told) {
  TrainingFacts facts;
  for (const auto& [word, value] : told) tell(facts, word, value);
  return facts;
}

// With what is in its energy, which the record says of the whole run.
nlohmann::json window_of(ProcessRun& run, ProcessRun::Key window) {
  nlohmann::json answer = to_json(run.figure(window));
  answer["scope"] = run.so_far()->total.scope;
  return answer;
}

template <class Known>
nlohmann::json json_of(const std::optional<Known>& known) {
  return known ? to_json(*known) : nlohmann::json();
}

nlohmann::json finish(ProcessRun& run, const std::string& outcome, const std::string& reason) {
  const auto how = from_name<Outcome>(outcome);
  if (!how) throw Error(ErrorCode::usage, "no outcome is called " + outcome);
  const ProcessRun::Finished finished = run.finish(*how, reason);
  const bool is_ours = finished.measured_here;
  nlohmann::json answer{{"record", json_of(finished.record)},
                        {"file", nullptr},
                        {"failure", ""},
                        {"is_ours", is_ours}};
  if (!is_ours) return answer;
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
      "facts", [](const Told& told) { return python_object(to_json(facts_of(told))); },
      nb::arg("told"));
  module.def(
      "runs",
      [](const std::optional<std::string>& db) { return answered([&] { return records_of(db); }); },
      nb::arg("db").none());

  nb::class_<ProcessRun>(module, "Run")
      .def(
          "__init__",
          [](ProcessRun* self, const std::shared_ptr<MeterOnDemand>& meter, std::string name,
             std::vector<std::string> command, Told settings, const Told& facts,
             std::optional<std::string> db, double idle_s) {
            const nb::gil_scoped_release unlocked;
            new (self) ProcessRun(meter,
                                  {.name = std::move(name),
                                   .command = std::move(command),
                                   .settings = std::move(settings),
                                   .facts = facts_of(facts),
                                   .db = std::move(db),
                                   .idle = Seconds(idle_s)},
                                  raise_interrupts);
          },
          nb::arg("meter"), nb::arg("name"), nb::arg("command"), nb::arg("settings"),
          nb::arg("facts"), nb::arg("db").none(), nb::arg("idle_s"))
      .def_prop_ro("is_ours", &ProcessRun::is_ours)
      .def_prop_ro("id", &ProcessRun::id)
      .def_prop_ro("trouble", &ProcessRun::trouble)
      .def_prop_ro("measured_by", &ProcessRun::measured_by)
      .def_prop_ro("goes_by_file", [](const ProcessRun&) { return ProcessRun::goes_by_file(); })
      .def(
          "begin_epoch",
          [](ProcessRun& run, std::optional<std::int64_t> number) {
            return run.run()->begin_epoch(number);
          },
          nb::arg("number").none())
      .def(
          "mark_epoch",
          [](ProcessRun& run, std::optional<std::int64_t> number) {
            run.run()->mark_epoch(number);
          },
          nb::arg("number").none())
      .def(
          "mark_step",
          [](ProcessRun& run, std::optional<std::int64_t> total) {
            run.run()->take(mark::Step{.total = total});
          },
          nb::arg("total").none())
      .def(
          "begin_window",
          [](ProcessRun& run, std::string name) {
            return run.run()->begin_window(std::move(name));
          },
          nb::arg("name"))
      .def(
          "end_window",
          [](ProcessRun& run, ProcessRun::Key window) { run.run()->end_window(window); },
          nb::arg("window"))
      .def(
          "tell",
          [](ProcessRun& run, const Told& told) {
            const nb::gil_scoped_release unlocked;  // another process may be asked to take it
            std::exception_ptr refusal;             // the others are known all the same
            for (const auto& [word, value] : told) {
              try {
                run.run()->take(mark::Fact{.word = word, .value = value});
              } catch (const Error&) {
                if (!refusal) refusal = std::current_exception();
              }
            }
            if (refusal) std::rethrow_exception(refusal);
          },
          nb::arg("told"))
      .def(
          "window",
          [](ProcessRun& run, ProcessRun::Key window) {
            return answered([&] { return window_of(run, window); });
          },
          nb::arg("window"))
      .def("checkpoint", &ProcessRun::checkpoint, nb::call_guard<nb::gil_scoped_release>())
      .def("so_far",
           [](ProcessRun& run) { return answered([&] { return json_of(run.so_far()); }); })
      .def("record_by_now",
           [](ProcessRun& run) { return answered([&] { return json_of(run.record_by_now()); }); })
      .def(
          "finish",
          [](ProcessRun& run, const std::string& outcome, const std::string& reason) {
            return answered([&] { return finish(run, outcome, reason); });
          },
          nb::arg("outcome"), nb::arg("reason"));
}

}  // namespace wattfor::python
