#pragma once

#include <chrono>
#include <string>

#include "support/temp_tree.h"

namespace wattfor::test {

// The file of a board whose energy is counted every 20 ms. Without a load of the test's own it
// takes 300 W at all times: of a steady power every interval holds the truth, not 95 % of them.
class SimulatedBoard {
 public:
  static constexpr double work_w = 300.0;
  // Of one that rests where nothing is measured.
  static constexpr const char* resting = R"("waveform": "constant", "idle_w": 60, "high_w": 300)";

  explicit SimulatedBoard(
      const std::string& load = R"("waveform": "constant", "idle_w": 300, "high_w": 300)") {
    tree_.write("board.json", R"({"device": "board", "seed": 3, "power_limit_w": 400, "load": {)" +
                                  load +
                                  R"(}, "sensors": [{"id": "energy", "kind": "counter", )"
                                  R"("update_period_s": 0.02}]})");
  }

  std::string file() const { return tree_ / "board.json"; }
  // A place for stores.
  const TempTree& tree() const { return tree_; }

 private:
  TempTree tree_;
};

// What a program does for that long: the board's sensor counts on in real time.
inline void work(std::chrono::milliseconds duration) {
  const auto end = std::chrono::steady_clock::now() + duration;
  while (std::chrono::steady_clock::now() < end) {
  }
}

}  // namespace wattfor::test
