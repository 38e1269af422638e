#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/unique_fd.h"

namespace wattfor {

// What the process that measures a node says of itself to its peers there.
struct NodeOwner {
  std::string record;           // the id of its record
  std::filesystem::path store;  // that has the record; empty where none has
  std::filesystem::path marks;  // a socket that takes facts (mark_socket.h); empty without one
  std::optional<int> rank;      // as the launcher counts
  std::string continues = {};   // the record of an owner that died: this one has what follows
  bool finished = false;        // its run has ended
  int pid = static_cast<int>(getpid());  // as this process sees its number

  bool operator==(const NodeOwner&) const = default;
};

// Whose turn it is to measure a node, among the processes there that are parts of one job and track
// the same run: every one of them would measure the whole node. The turn is a lock that the kernel
// takes away from a process however it ends, so none is left behind by a crash, and a child made by
// fork does not have it. A process may have one object for a run: closing another one's file would
// lose the lock.
class NodeTurn {
 public:
  // `run` names the run in whichever process of the job. Throws Error where its file, in a `folder`
  // that only this user may write to, can't be opened.
  explicit NodeTurn(const std::string& run, const std::filesystem::path& folder = turns_folder());

  // Whether it is ours from now on. Never waits. Throws Error where files can't be locked there.
  bool take();
  void give_back();
  // Whether nobody has it.
  bool is_free() const;
  // For whoever has the turn. Throws Error where it can't be written.
  void tell(const NodeOwner& owner);
  // What was said last, by the process that has the turn; where nobody has it, by the one that had
  // it. Nothing where that can't be read.
  std::optional<NodeOwner> owner() const;
  // The run is over: nothing is left in the folder.
  void remove();

  // `/tmp/wattfor-UID`: a folder of this machine, which ranks on several nodes do not share.
  static std::filesystem::path turns_folder();

 private:
  // The process that has the turn, 0 where it has no number here; nothing where nobody has it.
  std::optional<int> holder() const;

  std::filesystem::path path_;
  UniqueFd file_;
};

}  // namespace wattfor
