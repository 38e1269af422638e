#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace wattfor {

// How often what a run has so far is kept, and looked after who measures it.
inline constexpr std::chrono::seconds checkpoint_period{1};

// Does something again and again on a thread of its own, such as to keep what a run has so far. A
// failure is logged when it comes, not each time that it lasts.
class Heartbeat {
 public:
  Heartbeat(std::chrono::milliseconds period, std::function<void()> beat);
  Heartbeat(const Heartbeat&) = delete;
  Heartbeat& operator=(const Heartbeat&) = delete;
  // Waits for a beat that is going on; there is none after it.
  ~Heartbeat();

 private:
  void run(const std::stop_token& stopping);
  void beat();

  std::chrono::milliseconds period_;
  std::function<void()> beat_;
  std::string failure_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;  // last: it uses the rest
};

}  // namespace wattfor
