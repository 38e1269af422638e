// wattfor for C++17: what a stretch of a program, or a training, costs in electricity. docs/cpp.md
// explains it.
//
//   wattfor::Meter meter;
//   wattfor::Window window = meter.window("forward");
//   model(batch);
//   window.end();
//   std::cout << window.energy() << '\n';
//
// All of it is inline, over the functions of wattfor.h, where the meaning of each figure and the
// limits of each number stand. What fails throws wattfor::Error; destructors never throw. Members
// may be called from any thread, but for moves and destructors. What was moved from can be
// destroyed or assigned to.
#ifndef WATTFOR_WATTFOR_HPP
#define WATTFOR_WATTFOR_HPP

#include <wattfor/wattfor.h>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <limits>
#include <locale>
#include <memory>
#include <ostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace wattfor {
// Types of another layout get another name, so that objects of two versions can be linked together.
inline namespace v0 {

class Error : public std::runtime_error {
 public:
  Error(wattfor_status status, const std::string& message)
      : std::runtime_error(message), status_(status) {}

  // WATTFOR_INVALID_INPUT and so on.
  wattfor_status status() const noexcept { return status_; }

 private:
  wattfor_status status_;
};

enum class Basis : int {
  missing = WATTFOR_MISSING,
  measured = WATTFOR_MEASURED,
  modelled = WATTFOR_MODELLED,
  simulated = WATTFOR_SIMULATED,
};

inline const char* name_of(Basis basis) { return wattfor_basis_name(static_cast<int>(basis)); }

enum class Outcome : int {
  done = WATTFOR_DONE,
  failed = WATTFOR_FAILED,
  interrupted = WATTFOR_INTERRUPTED,
};

// 95 %, in joules; both ends are NaN where it is not known.
struct Interval {
  double low = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();
};

// What a window, an epoch, a run, or one component of the machine used.
struct Energy {
  std::string name;  // of the window; "gpu 0" of a component
  // NaN, never 0, where nothing was measured.
  double joules = std::numeric_limits<double>::quiet_NaN();
  Interval interval;             // all that can be wrong, the sensor's gain included
  Interval comparison_interval;  // without what is common to all figures of the same sensors
  // Less the power at rest, if that was measured.
  double net_joules = std::numeric_limits<double>::quiet_NaN();
  double duration_s = std::numeric_limits<double>::quiet_NaN();
  Basis basis = Basis::missing;  // the weakest of the components'
  std::string scope;             // "cpu + dram + gpu"
  bool is_final = false;         // false: so far, as the window is open or the run goes on
  bool is_in_total = true;       // false of a component that another one contains
  std::vector<Energy> components = {};
  std::string json = {};  // all of it, as the store's JSON has it; of the whole alone
};

// "1.6 J (95 %: 1.55 … 1.65 J), measured, cpu + dram, over 0.133 s", with the stream's precision.
inline std::ostream& operator<<(std::ostream& out, const Energy& energy) {
  if (energy.basis == Basis::missing) return out << "no energy";
  out << energy.joules << " J";
  if (energy.interval.low <= energy.interval.high) {
    out << " (95 %: " << energy.interval.low << " … " << energy.interval.high << " J)";
  }
  return out << ", " << name_of(energy.basis) << ", " << energy.scope << ", over "
             << energy.duration_s << " s" << (energy.is_final ? "" : " so far");
}

namespace detail {

inline void check(wattfor_status status) {
  if (status != WATTFOR_OK) throw Error(status, wattfor_error_message());
}

struct Free {
  void operator()(char* text) const noexcept { wattfor_free(text); }
  void operator()(wattfor_energy* energy) const noexcept { wattfor_energy_free(energy); }
  void operator()(wattfor_meter* meter) const noexcept { wattfor_meter_close(meter); }
  void operator()(wattfor_window* window) const noexcept { wattfor_window_free(window); }
  void operator()(wattfor_run* run) const noexcept { wattfor_run_free(run); }
};
template <class Type>
using Handle = std::unique_ptr<Type, Free>;

template <class Asked>
std::string json_of(wattfor_status (*json)(Asked*, char**), Asked* asked) {
  char* text = nullptr;
  check(json(asked, &text));
  return Handle<char>(text).get();
}

inline Interval interval_of(const wattfor_interval& interval) {
  return {interval.low, interval.high};
}

inline Energy figures_of(const wattfor_energy* energy) {
  Energy figures;
  figures.name = wattfor_energy_name(energy);
  figures.joules = wattfor_energy_joules(energy);
  figures.interval = interval_of(wattfor_energy_interval(energy));
  figures.comparison_interval = interval_of(wattfor_energy_comparison_interval(energy));
  figures.net_joules = wattfor_energy_net_joules(energy);
  figures.duration_s = wattfor_energy_duration_s(energy);
  figures.basis = static_cast<Basis>(wattfor_energy_basis(energy));
  figures.scope = wattfor_energy_scope(energy);
  figures.is_final = wattfor_energy_is_final(energy) != 0;
  figures.is_in_total = wattfor_energy_is_in_total(energy) != 0;
  return figures;
}

inline Energy energy_of(const wattfor_energy* handle) {
  Energy energy = figures_of(handle);
  const std::size_t count = wattfor_energy_component_count(handle);
  energy.components.reserve(count);
  for (std::size_t place = 0; place < count; ++place) {
    energy.components.push_back(figures_of(wattfor_energy_component(handle, place)));
  }
  energy.json = json_of(wattfor_energy_json, handle);
  return energy;
}

// The number as the library reads it, in whichever locale the program runs.
template <class Number>
std::string text_of(Number number) {
  std::ostringstream text;
  text.imbue(std::locale::classic());
  text.precision(std::numeric_limits<Number>::max_digits10);
  text << +number;  // a small integer is a number, too, and no letter
  return text.str();
}

}  // namespace detail

// A stretch of the program: open until end(), or until it goes out of scope. An epoch that an
// exception leaves has not ended, and does not count as one.
class [[nodiscard]] Window {
 public:
  Window(Window&& other) noexcept = default;
  Window& operator=(Window&& other) noexcept {
    if (this != &other) {
      leave();
      handle_ = std::move(other.handle_);
      is_epoch_ = other.is_epoch_;
      exceptions_ = other.exceptions_;
    }
    return *this;
  }
  ~Window() { leave(); }

  // Waits for no sensor, and for no accelerator. A second time it does nothing.
  void end() { detail::check(wattfor_window_end(handle_.get())); }

  // Once it has ended the final figure, for which the first call waits, commonly 0.1 s; else that
  // so far.
  Energy energy() const {
    wattfor_energy* energy = nullptr;
    detail::check(wattfor_window_energy(handle_.get(), &energy));
    return detail::energy_of(detail::Handle<wattfor_energy>(energy).get());
  }

 private:
  friend class Meter;
  friend class Run;
  Window(wattfor_window* handle, bool is_epoch) : handle_(handle), is_epoch_(is_epoch) {}

  void leave() noexcept {
    if (!handle_ || (is_epoch_ && std::uncaught_exceptions() > exceptions_)) return;
    wattfor_window_end(handle_.get());
  }

  detail::Handle<wattfor_window> handle_;
  bool is_epoch_ = false;
  int exceptions_ = std::uncaught_exceptions();
};

struct MeterOptions {
  // The file of a simulated device; empty: $WATTFOR_SIMULATE, if it is set.
  std::string simulate = {};
  double interval_s = 0.1;  // between samples, 0.001 to 60
};

// The sensors of this machine, sampled from its making on. One a process is enough.
class Meter {
 public:
  Meter() : Meter(MeterOptions{}) {}
  explicit Meter(const MeterOptions& options) {
    wattfor_meter_options given = WATTFOR_METER_OPTIONS_INIT;
    if (!options.simulate.empty()) given.simulate = options.simulate.c_str();
    given.interval_s = options.interval_s;
    wattfor_meter* handle = nullptr;
    detail::check(wattfor_meter_open(&given, &handle));
    handle_.reset(handle);
  }

  Window window(const std::string& name = {}) {
    wattfor_window* window = nullptr;
    detail::check(wattfor_window_begin(handle_.get(), name.c_str(), &window));
    return Window(window, false);
  }

  // Waits that long, while the machine is to be at rest: net energies are without its power then.
  void measure_idle(double seconds) {
    detail::check(wattfor_meter_measure_idle(handle_.get(), seconds));
  }

  // Of figures that can't be had.
  std::vector<std::string> warnings() const {
    std::vector<std::string> all;
    while (const char* warning = wattfor_meter_warning(handle_.get(), all.size())) {
      all.emplace_back(warning);
    }
    return all;
  }

 private:
  friend class Run;
  detail::Handle<wattfor_meter> handle_;
};

struct RunOptions {
  std::string db = {};  // the store's file; empty: $WATTFOR_DB, else that in the user's data folder
};

// A training, from its making to finish(). One that goes out of scope before is finished there: as
// done, or as failed where an exception leaves the scope.
class Run {
 public:
  Run(const Meter& meter, const std::string& name, const RunOptions& options = {}) {
    wattfor_run_options given = WATTFOR_RUN_OPTIONS_INIT;
    if (!options.db.empty()) given.db = options.db.c_str();
    wattfor_run* handle = nullptr;
    detail::check(wattfor_run_begin(meter.handle_.get(), name.c_str(), &given, &handle));
    handle_.reset(handle);
  }
  Run(Run&& other) noexcept = default;
  Run& operator=(Run&& other) noexcept {
    if (this != &other) {
      leave();
      handle_ = std::move(other.handle_);
      exceptions_ = other.exceptions_;
    }
    return *this;
  }
  ~Run() { leave(); }

  // A fact of the training; wattfor.h lists the words.
  void tell(const std::string& word, const std::string& value) {
    detail::check(wattfor_run_tell(handle_.get(), word.c_str(), value.c_str()));
  }
  template <class Number, class = std::enable_if_t<std::is_arithmetic_v<Number>>>
  void tell(const std::string& word, Number number) {
    tell(word, detail::text_of(number));
  }

  Window epoch(std::int64_t number = WATTFOR_NEXT) {
    wattfor_window* epoch = nullptr;
    detail::check(wattfor_run_begin_epoch(handle_.get(), number, &epoch));
    return Window(epoch, true);
  }
  void mark_epoch(std::int64_t number = WATTFOR_NEXT) {
    detail::check(wattfor_run_mark_epoch(handle_.get(), number));
  }
  void mark_step(std::int64_t total = WATTFOR_NEXT) {
    detail::check(wattfor_run_mark_step(handle_.get(), total));
  }
  // Of the run: its record lists it.
  Window window(const std::string& name) {
    wattfor_window* window = nullptr;
    detail::check(wattfor_run_begin_window(handle_.get(), name.c_str(), &window));
    return Window(window, false);
  }

  Energy energy() const {
    wattfor_energy* energy = nullptr;
    detail::check(wattfor_run_energy(handle_.get(), &energy));
    return detail::energy_of(detail::Handle<wattfor_energy>(energy).get());
  }
  // The record, as the store's JSON has it.
  std::string json() const { return detail::json_of(wattfor_run_json, handle_.get()); }
  std::string id() const { return wattfor_run_id(handle_.get()); }
  std::string file() const { return wattfor_run_file(handle_.get()); }
  std::string trouble() const { return wattfor_run_trouble(handle_.get()); }

  // Waits for the sensors, commonly 0.1 s, and keeps the record; throws where that is not in the
  // store.
  void finish(Outcome outcome = Outcome::done, const std::string& reason = {}) {
    detail::check(wattfor_run_finish(handle_.get(), static_cast<int>(outcome), reason.c_str()));
  }

 private:
  void leave() noexcept {
    if (!handle_) return;
    if (std::uncaught_exceptions() > exceptions_) {
      wattfor_run_finish(handle_.get(), WATTFOR_FAILED, "an exception left the run's scope");
    } else {
      wattfor_run_finish(handle_.get(), WATTFOR_DONE, "");
    }
  }

  detail::Handle<wattfor_run> handle_;
  int exceptions_ = std::uncaught_exceptions();
};

}  // namespace v0
}  // namespace wattfor

#endif
