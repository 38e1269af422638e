#pragma once

#include <memory>

#include "c_api/energy_handle.h"
#include "c_api/guarded.h"
#include "wattfor/wattfor.h"

// A window of a meter, or of a run.
struct wattfor_window {
  wattfor_window() = default;
  wattfor_window(const wattfor_window&) = delete;
  wattfor_window& operator=(const wattfor_window&) = delete;
  virtual ~wattfor_window() = default;

  // A second time it does nothing.
  virtual void end() = 0;
  // The final one of a window that has ended, for which it waits; else so far.
  virtual std::unique_ptr<wattfor_energy> energy() = 0;
};

namespace wattfor::c_api {

// Puts the window that `open` makes where the caller of C wants it; NULL where it throws.
template <class Open>
void put_window(wattfor_window** where, const Open& open) {
  wattfor_window*& window = required(where, "where to put the window");
  window = nullptr;
  std::unique_ptr<wattfor_window> opened = open();
  window = opened.release();
}

}  // namespace wattfor::c_api
