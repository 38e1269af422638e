#include "c_api/window_handle.h"

#include <memory>
#include <string>
#include <utility>

#include "c_api/energy_handle.h"
#include "c_api/guarded.h"
#include "c_api/meter_handle.h"
#include "process/metered_window.h"

namespace wattfor::c_api {
namespace {

// One of no run.
class WindowOfMeter final : public wattfor_window {
 public:
  WindowOfMeter(std::shared_ptr<ProcessMeter> meter, std::string name)
      : name_(std::move(name)), window_(std::move(meter)) {}

  void end() override { window_.end(); }
  std::unique_ptr<wattfor_energy> energy() override {
    const bool has_ended = window_.has_ended();
    return energy_of(has_ended ? window_.settle() : window_.so_far(), name_, has_ended);
  }

 private:
  std::string name_;
  MeteredWindow window_;
};

}  // namespace
}  // namespace wattfor::c_api

namespace c_api = wattfor::c_api;

wattfor_status wattfor_window_begin(wattfor_meter* meter, const char* name,
                                    wattfor_window** window) {
  return c_api::guarded([&] {
    c_api::put_window(window, [&] {
      return std::make_unique<c_api::WindowOfMeter>(
          c_api::required(meter, "the meter").meter,
          c_api::required_text(name, "the window's name"));
    });
  });
}

wattfor_status wattfor_window_end(wattfor_window* window) {
  return c_api::guarded([&] { c_api::required(window, "the window").end(); });
}

wattfor_status wattfor_window_energy(wattfor_window* window, wattfor_energy** energy) {
  return c_api::guarded([&] {
    wattfor_energy*& answer = c_api::required(energy, "where to put the energy");
    answer = nullptr;
    answer = c_api::required(window, "the window").energy().release();
  });
}

void wattfor_window_free(wattfor_window* window) { delete window; }
