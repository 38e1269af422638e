#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "support/simulated_board.h"
#include "wattfor/wattfor.h"

namespace wattfor::test {

struct FreeHandle {
  void operator()(char* text) const { wattfor_free(text); }
  void operator()(wattfor_energy* energy) const { wattfor_energy_free(energy); }
  void operator()(wattfor_meter* meter) const { wattfor_meter_close(meter); }
  void operator()(wattfor_window* window) const { wattfor_window_free(window); }
  void operator()(wattfor_run* run) const { wattfor_run_free(run); }
};
template <class Type>
using Handle = std::unique_ptr<Type, FreeHandle>;

// What a call gives through a pointer; the call is to end well.
template <class Type, class Call>
Handle<Type> given_by(const Call& call) {
  Type* given = nullptr;
  EXPECT_EQ(WATTFOR_OK, call(&given)) << wattfor_error_message();
  return Handle<Type>(given);
}

inline Handle<wattfor_meter> meter_of(const SimulatedBoard& board) {
  const std::string file = board.file();
  wattfor_meter_options options = WATTFOR_METER_OPTIONS_INIT;
  options.simulate = file.c_str();
  options.interval_s = 0.01;
  return given_by<wattfor_meter>(
      [&](wattfor_meter** meter) { return wattfor_meter_open(&options, meter); });
}

inline Handle<wattfor_window> window_of(wattfor_meter* meter, const char* name = "window") {
  return given_by<wattfor_window>(
      [&](wattfor_window** window) { return wattfor_window_begin(meter, name, window); });
}

inline Handle<wattfor_energy> energy_of(wattfor_window* window) {
  return given_by<wattfor_energy>(
      [&](wattfor_energy** energy) { return wattfor_window_energy(window, energy); });
}

template <class Asked>
nlohmann::json json_of(wattfor_status (*json)(Asked*, char**), Asked* asked) {
  char* text = nullptr;
  EXPECT_EQ(WATTFOR_OK, json(asked, &text)) << wattfor_error_message();
  const Handle<char> owned(text);
  return nlohmann::json::parse(text == nullptr ? "null" : text);
}

// Of a stretch in which the board worked.
inline void expect_work(const wattfor_energy* energy) {
  const double truth = SimulatedBoard::work_w * wattfor_energy_duration_s(energy);
  const wattfor_interval interval = wattfor_energy_interval(energy);
  EXPECT_GT(truth, 0.0);
  EXPECT_LE(interval.low, truth);
  EXPECT_GE(interval.high, truth);
  EXPECT_EQ(WATTFOR_SIMULATED, wattfor_energy_basis(energy));
}

}  // namespace wattfor::test
