#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace wattfor {

// What the process that measures a node says of itself to its peers there.
struct NodeOwner {
  std::string record;           // the id of its record
  std::filesystem::path store;  // that has the record; empty where none has
  std::filesystem::path marks;  // a socket that takes facts (mark_socket.h); empty without one
  std::optional<int> rank;      // as the launcher counts
  std::string continues = {};   // the record of an owner that died: this one has what follows
  bool finished = false;        // its run has ended, and the turn with it

  bool operator==(const NodeOwner&) const = default;
};

// Whose turn it is to measure a node, among the processes there that are parts of one job and track
// runs of one name: every one of them would measure the whole node. The turn is a lock that the
// kernel takes away from a process however it ends, so none is left behind by a crash, and a child
// made by fork does not have it. Within one process all have the turn together.
class NodeTurn {
 public:
  // `peers` names what they have in common (JobFacts). Throws Error where the file, in `folder`
  // that only this user may write to, can't be opened.
  NodeTurn(const std::string& peers, const std::string& run,
           const std::filesystem::path& folder = turns_folder());
  NodeTurn(const NodeTurn&) = delete;
  NodeTurn& operator=(const NodeTurn&) = delete;
  ~NodeTurn();  // gives it back

  // Whether it is ours from now on. Never waits.
  bool take();
  // Whether nobody has it.
  bool is_free() const;
  // For whoever has the turn; what another run of this process said stays.
  void tell(const NodeOwner& owner);
  // What was said last, by one who has or had the turn; nothing where that can't be read.
  std::optional<NodeOwner> owner() const;

  // `/tmp/wattfor-UID`: a folder of this machine, which ranks on several nodes do not share.
  static std::filesystem::path turns_folder();

 private:
  struct File;
  static std::shared_ptr<File> opened(const std::filesystem::path& path);

  std::shared_ptr<File> file_;  // one for all turns of this process at it
  bool is_first_ = false;       // that took it, of this process's
};

}  // namespace wattfor
