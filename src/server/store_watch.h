#pragma once

#include <cstdint>
#include <exception>
#include <filesystem>
#include <optional>
#include <vector>

#include "measurement/measurement.h"
#include "server/store_content.h"

namespace wattfor {

// Looks whether a store has changed, and reads it again then. The file is not held open between
// looks: it may vanish, be replaced or be cut at any time. Belongs to one thread.
class StoreWatch {
 public:
  explicit StoreWatch(std::filesystem::path path);

  // What is another since the last look.
  struct Change {
    bool state = false;
    bool running = false;
  };
  // Costs two stat(2) where nothing was written. Never throws for what is wrong with the store, nor
  // waits for who has locked it, but for a moment: the state says so, and holds what the store held
  // last. A lock that the next look finds gone is none to speak of.
  Change look();

  const StoreState& state() const { return state_; }
  // What other processes measure into it.
  const std::vector<Measurement>& running() const { return running_; }

 private:
  // What a write, a cut or another file of the same name changes.
  struct FileMark {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t bytes = 0;
    std::int64_t written_ns = 0;

    bool operator==(const FileMark&) const = default;
  };
  struct Marks {
    std::optional<FileMark> store;
    std::optional<FileMark> log;  // SQLite's write-ahead log; an empty one is none

    bool operator==(const Marks&) const = default;
  };

  static std::optional<FileMark> mark_of(const std::filesystem::path& file);
  Marks marks() const;
  bool is_settled(const Marks& marks) const;
  void read();
  void give_up(const std::exception& failure);

  std::filesystem::path path_;
  Marks seen_;
  bool is_to_read_ = true;  // whatever the marks say
  int locked_looks_ = 1;    // in a row; the first of all has nothing else to tell
  StoreState state_;
  std::vector<Measurement> running_;
};

}  // namespace wattfor
