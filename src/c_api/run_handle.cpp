#include <fmt/format.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "c_api/energy_handle.h"
#include "c_api/guarded.h"
#include "c_api/meter_handle.h"
#include "c_api/options.h"
#include "c_api/recorded_run.h"
#include "c_api/window_handle.h"
#include "measurement/json.h"
#include "measurement/validity.h"
#include "tracking/told_facts.h"

// Its windows hold the run, too.
struct wattfor_run {
  std::shared_ptr<wattfor::c_api::RecordedRun> run;
};

namespace wattfor::c_api {
namespace {

// The size of the options in the first version, whose last member was this.
constexpr std::size_t first_run_options = offsetof(wattfor_run_options, db) + sizeof(const char*);

constexpr std::int64_t most_epochs = 1'000'000'000;
constexpr std::int64_t most_steps = 1'000'000'000'000'000;

class WindowOfRun final : public wattfor_window {
 public:
  // Without a key another process measures the run.
  WindowOfRun(std::shared_ptr<RecordedRun> run, std::optional<RecordedRun::Key> key,
              std::string name)
      : run_(std::move(run)), key_(key), name_(std::move(name)) {}

  void end() override {
    if (!ended_ && key_) run_->run()->end_window(*key_);
    ended_ = true;
  }
  std::unique_ptr<wattfor_energy> energy() override {
    if (!key_) return no_energy(name_);
    const RecordedRun::Window figure = run_->window(*key_);
    return energy_of(figure.window, figure.scope, figure.is_final);
  }

 private:
  std::shared_ptr<RecordedRun> run_;
  std::optional<RecordedRun::Key> key_;
  std::string name_;
  std::atomic<bool> ended_ = false;
};

// How this process was called.
std::vector<std::string> command_of_process() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  std::vector<std::string> words;
  for (std::string word; std::getline(file, word, '\0');) words.push_back(word);
  return words;
}

std::string name_from(const char* text, const char* what) {
  std::string name = required_text(text, what);
  if (name.size() > longest_name_bytes) {
    throw Error(ErrorCode::invalid_input, fmt::format("{}: expected at most {} bytes, found {}",
                                                      what, longest_name_bytes, name.size()));
  }
  return name;
}

std::optional<std::int64_t> count_from(std::int64_t number, std::int64_t most, const char* what) {
  if (number == WATTFOR_NEXT) return std::nullopt;
  if (number < 0 || number > most) {
    throw Error(ErrorCode::invalid_input,
                fmt::format("{}: expected 0 to {}, or WATTFOR_NEXT, found {}", what, most, number));
  }
  return number;
}

std::optional<std::int64_t> epoch_from(std::int64_t number) {
  return count_from(number, most_epochs, "an epoch's number");
}

Outcome outcome_from(wattfor_outcome outcome) {
  switch (outcome) {
    case WATTFOR_DONE:
      return Outcome::done;
    case WATTFOR_FAILED:
      return Outcome::failed;
    case WATTFOR_INTERRUPTED:
      return Outcome::interrupted;
    default:
      throw Error(ErrorCode::invalid_input, fmt::format("there is no outcome {}", outcome));
  }
}

std::shared_ptr<RecordedRun> begun(const wattfor_meter& meter, const std::string& name,
                                   const wattfor_run_options& options) {
  TrainingFacts facts;
  tell(facts, "model", name);  // refused before anything is measured
  RunDraft draft{.name = name,
                 .command = command_of_process(),
                 .settings = {{"idle_seconds", fmt::format("{:g}", meter.idle_s.load())}},
                 .facts = std::move(facts)};
  if (options.db != nullptr) draft.db = options.db;
  return std::make_shared<RecordedRun>(meter.on_demand, std::move(draft));
}

RecordedRun& run_of(const wattfor_run* handle) { return *required(handle, "the run").run; }

// A text that lives as long as the run.
const char* text_of(const wattfor_run* handle, const std::string& (RecordedRun::*text)() const) {
  return guarded_answer<const char*>("", [&] { return (run_of(handle).*text)().c_str(); });
}

}  // namespace
}  // namespace wattfor::c_api

namespace c_api = wattfor::c_api;

wattfor_status wattfor_run_begin(wattfor_meter* meter, const char* name,
                                 const wattfor_run_options* options, wattfor_run** run) {
  return c_api::guarded([&] {
    wattfor_run*& begun = c_api::required(run, "where to put the run");
    begun = nullptr;
    const wattfor_meter& opened = c_api::required(meter, "the meter");
    const auto known = c_api::known_options(options, c_api::first_run_options);
    auto made = std::make_unique<wattfor_run>();
    made->run = c_api::begun(opened, c_api::name_from(name, "the run's name"), known);
    begun = made.release();
  });
}

wattfor_status wattfor_run_tell(wattfor_run* run, const char* word, const char* value) {
  return c_api::guarded([&] {
    c_api::run_of(run).run()->take(
        wattfor::mark::Fact{.word = c_api::required_text(word, "the fact's word"),
                            .value = c_api::required_text(value, "the fact's value")});
  });
}

wattfor_status wattfor_run_begin_epoch(wattfor_run* run, int64_t number, wattfor_window** epoch) {
  return c_api::guarded([&] {
    c_api::put_window(epoch, [&] {
      const auto key = c_api::run_of(run).run()->begin_epoch(c_api::epoch_from(number));
      return std::make_unique<c_api::WindowOfRun>(run->run, key, "epoch");
    });
  });
}

wattfor_status wattfor_run_mark_epoch(wattfor_run* run, int64_t number) {
  return c_api::guarded([&] { c_api::run_of(run).run()->mark_epoch(c_api::epoch_from(number)); });
}

wattfor_status wattfor_run_mark_step(wattfor_run* run, int64_t total) {
  return c_api::guarded([&] {
    c_api::run_of(run).run()->take(wattfor::mark::Step{
        .total = c_api::count_from(total, c_api::most_steps, "the number of steps")});
  });
}

wattfor_status wattfor_run_begin_window(wattfor_run* run, const char* name,
                                        wattfor_window** window) {
  return c_api::guarded([&] {
    c_api::put_window(window, [&] {
      std::string text = c_api::name_from(name, "the window's name");
      const auto key = c_api::run_of(run).run()->begin_window(text);
      return std::make_unique<c_api::WindowOfRun>(run->run, key, std::move(text));
    });
  });
}

wattfor_status wattfor_run_energy(wattfor_run* run, wattfor_energy** energy) {
  return c_api::guarded([&] {
    wattfor_energy*& answer = c_api::required(energy, "where to put the energy");
    answer = nullptr;
    const c_api::RecordedRun::Energy known = c_api::run_of(run).energy();
    answer = (known.report ? c_api::energy_of(*known.report, "the run", known.is_final)
                           : c_api::no_energy("the run"))
                 .release();
  });
}

wattfor_status wattfor_run_json(wattfor_run* run, char** json) {
  return c_api::guarded([&] {
    char*& answer = c_api::required(json, "where to put the JSON");
    answer = nullptr;
    answer = c_api::copied_for_caller(wattfor::dump(wattfor::to_json(c_api::run_of(run).record())));
  });
}

wattfor_status wattfor_run_finish(wattfor_run* run, wattfor_outcome outcome, const char* reason) {
  return c_api::guarded([&] {
    const wattfor::Outcome how = c_api::outcome_from(outcome);
    c_api::run_of(run).finish(how, reason == nullptr ? "" : reason);
  });
}

const char* wattfor_run_id(wattfor_run* run) {
  return c_api::text_of(run, &c_api::RecordedRun::id);
}

const char* wattfor_run_file(wattfor_run* run) {
  return c_api::text_of(run, &c_api::RecordedRun::file);
}

const char* wattfor_run_trouble(wattfor_run* run) {
  return c_api::text_of(run, &c_api::RecordedRun::trouble);
}

void wattfor_run_free(wattfor_run* run) {
  if (run != nullptr) run->run->drop();
  delete run;
}
