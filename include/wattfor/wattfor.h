// wattfor for C: what a stretch of a program, or a training, costs in electricity. docs/cpp.md
// explains it; wattfor.hpp is the same for C++.
//
// Rules that hold for every function here:
//  - It may be called from any thread, and prints nothing.
//  - A handle or a text that is NULL is no fault of memory: the function answers WATTFOR_USAGE,
//    NaN, "" or NULL, and does nothing. Each handle is freed once, while nothing else uses it.
//  - What it gives through a pointer is NULL after a failure. A program that ignores each status
//    is thus never harmed by wattfor; it lacks figures.
//  - A `const char*` that it answers lives as long as the handle that was asked, and is never NULL
//    unless that is said. A `char*` is the caller's, to be given to wattfor_free().
//  - Texts are UTF-8. Durations are seconds, energies joules; each is NaN where it is not known.
//  - In a child made by fork, what the parent opened answers WATTFOR_UNSUPPORTED, and may be
//    freed.
#ifndef WATTFOR_WATTFOR_H
#define WATTFOR_WATTFOR_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define WATTFOR_API __attribute__((visibility("default")))
#else
#define WATTFOR_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

// The library's version, "0.1.0".
WATTFOR_API const char* wattfor_version(void);

// How a call ended. Later versions may add to the list.
typedef int wattfor_status;
enum {
  WATTFOR_OK = 0,
  WATTFOR_USAGE = 1,              // a call that does not fit: a NULL, a run that has ended
  WATTFOR_INVALID_INPUT = 2,      // a word, number or file that is not what it should be
  WATTFOR_NOT_FOUND = 3,          // a file that is not there
  WATTFOR_PERMISSION_DENIED = 4,  // it is there, and may not be read or written
  WATTFOR_UNSUPPORTED = 5,        // this machine, library or process cannot do it
  WATTFOR_TIMED_OUT = 6,          // an answer that did not come in time
  WATTFOR_IO = 7,                 // reading or writing failed
  WATTFOR_NO_MEMORY = 8,
  WATTFOR_INTERNAL = 9  // a fault of wattfor itself
};

// What was wrong, in a sentence, of the latest call on this thread that ended in no WATTFOR_OK; ""
// before that. It lives until the thread's next failure.
WATTFOR_API const char* wattfor_error_message(void);

WATTFOR_API void wattfor_free(char* text);

// What the library has to say besides, line by line: a store that can't be written at the moment, a
// sensor that stopped. Without `log`, as at the beginning, it is silent. `log` is called from any
// thread, one call at a time, and must be quick and call no function of wattfor. It is not called
// any more once this has returned for another.
typedef int wattfor_log_level;
enum { WATTFOR_LOG_INFO = 0, WATTFOR_LOG_WARNING = 1 };
typedef void (*wattfor_log)(void* context, wattfor_log_level level, const char* line);
WATTFOR_API void wattfor_set_log(wattfor_log log, void* context);

// ---- Energy

typedef struct wattfor_energy wattfor_energy;

// Where a joule came from. Later versions may add to the list.
typedef int wattfor_basis;
enum {
  WATTFOR_MISSING = 0,   // nothing could be read, and nothing was assumed
  WATTFOR_MEASURED = 1,  // a sensor read it
  WATTFOR_MODELLED = 2,  // computed from how busy the machine was
  WATTFOR_SIMULATED = 3  // a simulated device
};

// A 95 % interval, in joules; both ends are NaN where it is not known.
typedef struct wattfor_interval {
  double low;
  double high;
} wattfor_interval;

// Of the window; "epoch 3"; of a component "gpu 0", "cpu package 0", "dram 0".
WATTFOR_API const char* wattfor_energy_name(const wattfor_energy* energy);
WATTFOR_API double wattfor_energy_joules(const wattfor_energy* energy);
// All that can be wrong, the sensor's gain included.
WATTFOR_API wattfor_interval wattfor_energy_interval(const wattfor_energy* energy);
// Without what is common to all figures of the same sensors: to compare figures of one machine by.
WATTFOR_API wattfor_interval wattfor_energy_comparison_interval(const wattfor_energy* energy);
// Less the power at rest, where wattfor_meter_measure_idle() has measured that.
WATTFOR_API double wattfor_energy_net_joules(const wattfor_energy* energy);
WATTFOR_API double wattfor_energy_duration_s(const wattfor_energy* energy);
// The weakest of the components'.
WATTFOR_API wattfor_basis wattfor_energy_basis(const wattfor_energy* energy);
// "measured", "modelled", "simulated" or "missing".
WATTFOR_API const char* wattfor_basis_name(wattfor_basis basis);
// What is in it: "cpu + dram + gpu", "gpu (cpu missing)".
WATTFOR_API const char* wattfor_energy_scope(const wattfor_energy* energy);
// 0: what was used so far, as the window is open, or the run goes on.
WATTFOR_API int wattfor_energy_is_final(const wattfor_energy* energy);
// The GPUs, CPU packages and memories, each an energy of its own that lives as long as the whole;
// NULL from `count` on.
WATTFOR_API size_t wattfor_energy_component_count(const wattfor_energy* energy);
WATTFOR_API const wattfor_energy* wattfor_energy_component(const wattfor_energy* energy,
                                                           size_t index);
// 0 of a component that another one contains, such as the cores of a package: it is not to be
// added.
WATTFOR_API int wattfor_energy_is_in_total(const wattfor_energy* energy);
// All of it, gaps, faults and assumptions included, as the store's JSON has it.
WATTFOR_API wattfor_status wattfor_energy_json(const wattfor_energy* energy, char** json);
WATTFOR_API void wattfor_energy_free(wattfor_energy* energy);

// ---- The meter

typedef struct wattfor_meter wattfor_meter;

// Structures of options grow: later versions add members at the end, whose 0 stands for what was
// before. struct_size says which of them the program knows, so begin with the initialiser.
typedef struct wattfor_meter_options {
  size_t struct_size;
  // The file of a simulated device (docs/simulation.md) to be metered in the place of this machine;
  // NULL: the one that $WATTFOR_SIMULATE names, if it is set.
  const char* simulate;
  double interval_s;  // between samples, 0.001 to 60; 0: 0.1
} wattfor_meter_options;
#define WATTFOR_METER_OPTIONS_INIT {sizeof(wattfor_meter_options), NULL, 0.0}

// Finds the machine's sensors and samples them from now on, on threads of its own; `options` may be
// NULL. One a process is enough: all its threads can share it.
WATTFOR_API wattfor_status wattfor_meter_open(const wattfor_meter_options* options,
                                              wattfor_meter** meter);
// What discovery said of figures that can't be had, one after another; NULL after the last.
WATTFOR_API const char* wattfor_meter_warning(const wattfor_meter* meter, size_t index);
// Holds the caller up for that long, up to 3,600 s, in which the machine is to be at rest, and
// takes its power for what net energies are without from then on.
WATTFOR_API wattfor_status wattfor_meter_measure_idle(wattfor_meter* meter, double duration_s);
// Its windows and runs may go on; it samples until the last of them is freed.
WATTFOR_API void wattfor_meter_close(wattfor_meter* meter);

// ---- Windows

// A stretch of the program, from its begin to its end. Windows nest and overlap, on one thread or
// many. Neither edge waits: not for a sensor, and not for an accelerator, whose queued work the
// program awaits itself (cudaDeviceSynchronize) where it is to be in the window.
typedef struct wattfor_window wattfor_window;

WATTFOR_API wattfor_status wattfor_window_begin(wattfor_meter* meter, const char* name,
                                                wattfor_window** window);
// A second time it does nothing.
WATTFOR_API wattfor_status wattfor_window_end(wattfor_window* window);
// Of a window that has ended the final figure: the first call waits for the sensors to catch up,
// commonly 0.1 s. Of an open one what is known so far, without waiting.
WATTFOR_API wattfor_status wattfor_window_energy(wattfor_window* window, wattfor_energy** energy);
// One that is open is forgotten; within a run it stays open, and counts as one that never ended.
WATTFOR_API void wattfor_window_free(wattfor_window* window);

// ---- Runs

// A training, whose record goes where the program `wattfor` keeps its own: once a second while it
// goes on, so that a process that is killed leaves what there was, marked as interrupted, and whole
// at its end.
typedef struct wattfor_run wattfor_run;

typedef struct wattfor_run_options {
  size_t struct_size;
  // The store's file; NULL: $WATTFOR_DB, else wattfor/wattfor.db in the user's data folder.
  const char* db;
} wattfor_run_options;
#define WATTFOR_RUN_OPTIONS_INIT {sizeof(wattfor_run_options), NULL}

typedef int wattfor_outcome;
enum { WATTFOR_DONE = 0, WATTFOR_FAILED = 1, WATTFOR_INTERRUPTED = 2 };

// In the place of a number: the one after the last.
#define WATTFOR_NEXT (-1)

// Begins one of that name, which is also its model's until another is told; `options` may be NULL.
// A store that can't be written ends nothing: wattfor_run_trouble() says so. Of the ranks of a job
// on one node one measures, which the others wait for here, for some seconds at most; what they
// answer of the run is what that one has kept (docs/training.md).
WATTFOR_API wattfor_status wattfor_run_begin(wattfor_meter* meter, const char* name,
                                             const wattfor_run_options* options, wattfor_run** run);
// Tells a fact of the training, as text: "model", "task", "dataset", "phase", "epochs_total",
// "data_fraction", "batch_size", "metric", "accuracy" (a share from 0 to 1), "accuracy_percent",
// "builds_on" (the id of a run, with ":N" where its energy is shared over N uses). docs/training.md
// has each.
WATTFOR_API wattfor_status wattfor_run_tell(wattfor_run* run, const char* word, const char* value);
// An epoch begins here; wattfor_window_end() ends it. One that is freed before did not end, and
// does not count as an epoch when a whole training is told from this run. `number` is 0 to 10⁹, or
// WATTFOR_NEXT.
WATTFOR_API wattfor_status wattfor_run_begin_epoch(wattfor_run* run, int64_t number,
                                                   wattfor_window** epoch);
// An epoch ends here: all since the one before, or since the run began.
WATTFOR_API wattfor_status wattfor_run_mark_epoch(wattfor_run* run, int64_t number);
// So many steps are done in all, up to 10¹⁵; WATTFOR_NEXT: one more.
WATTFOR_API wattfor_status wattfor_run_mark_step(wattfor_run* run, int64_t total);
// A window that the run's record lists.
WATTFOR_API wattfor_status wattfor_run_begin_window(wattfor_run* run, const char* name,
                                                    wattfor_window** window);
// Of the whole run; so far while it goes on.
WATTFOR_API wattfor_status wattfor_run_energy(wattfor_run* run, wattfor_energy** energy);
// The record, as the store's JSON has it; while the run goes on what it would be if it ended here,
// which waits for the sensors. WATTFOR_NOT_FOUND where another rank measures, and has told nothing.
WATTFOR_API wattfor_status wattfor_run_json(wattfor_run* run, char** json);
// Ends the run and the windows of it that are open, waits for the sensors, commonly 0.1 s, and
// keeps the record. `reason` says why it failed; it may be NULL. A record that could not be kept in
// the store is WATTFOR_IO: it is then in the file that wattfor_run_file() names, for `wattfor
// import`. Once.
WATTFOR_API wattfor_status wattfor_run_finish(wattfor_run* run, wattfor_outcome outcome,
                                              const char* reason);
// Of the record; "" while a rank that measures has not told it. It may change as the run ends.
WATTFOR_API const char* wattfor_run_id(wattfor_run* run);
// Where the finished record is: the store, or a file of its own; "" before, or where it is nowhere.
WATTFOR_API const char* wattfor_run_file(wattfor_run* run);
// Why the record is not, or will not be, in the store; "" where it is.
WATTFOR_API const char* wattfor_run_trouble(wattfor_run* run);
// One that was not finished is kept as interrupted.
WATTFOR_API void wattfor_run_free(wattfor_run* run);

#ifdef __cplusplus
}
#endif

#endif
