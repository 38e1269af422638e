#include "tracking/node_turn.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "base/forks.h"
#include "base/sha256.h"
#include "base/unique_fd.h"

namespace wattfor {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::size_t longest_file = 16'384;  // bytes

// Others may write to /tmp, so what stands there already may be theirs.
void require_own_folder(const fs::path& folder) {
  if (mkdir(folder.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
    throw error_from_errno(errno, fmt::format("making {}", folder.string()));
  }
  struct stat status{};
  if (lstat(folder.c_str(), &status) != 0) {
    throw error_from_errno(errno, fmt::format("looking at {}", folder.string()));
  }
  const bool is_closed = (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
  if (!S_ISDIR(status.st_mode) || status.st_uid != geteuid() || !is_closed) {
    throw Error(ErrorCode::permission_denied,
                fmt::format("{} is no folder that only you may write to: the ranks on this node "
                            "can't agree who measures it",
                            folder.string()));
  }
}

struct flock whole_file(short type) {
  struct flock lock{};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  return lock;
}

Json to_json(const NodeOwner& owner) {
  return {{"record", owner.record},        {"store", owner.store.string()},
          {"marks", owner.marks.string()}, {"rank", owner.rank ? Json(*owner.rank) : Json()},
          {"continues", owner.continues},  {"finished", owner.finished}};
}

std::optional<NodeOwner> owner_from(const std::string& text) {
  try {
    const Json json = Json::parse(text);
    NodeOwner owner;
    owner.record = json.at("record").get<std::string>();
    owner.store = json.at("store").get<std::string>();
    owner.marks = json.at("marks").get<std::string>();
    if (!json.at("rank").is_null()) owner.rank = json.at("rank").get<int>();
    owner.continues = json.at("continues").get<std::string>();
    owner.finished = json.at("finished").get<bool>();
    return owner;
  } catch (const Json::exception&) {
    return std::nullopt;  // nobody has said anything yet, or just does
  }
}

}  // namespace

// Closing any descriptor of a file drops the locks that the process has on it: each file is opened
// once.
struct NodeTurn::File {
  UniqueFd fd;
  std::mutex mutex;
  bool is_locked = false;
};

namespace {

// The files that this process has open. A child made by fork has none of its parent's locks, nor
// is its parent's mutex of use to it: it begins anew, and what it copied is left alone.
struct OpenFiles {
  std::uint64_t home = fork_generation();
  std::mutex mutex;
  std::map<fs::path, std::weak_ptr<void>> files;
};

OpenFiles& open_files() {
  static std::atomic<OpenFiles*> current{nullptr};
  OpenFiles* found = current.load();
  while (found == nullptr || found->home != fork_generation()) {
    auto fresh = std::make_unique<OpenFiles>();
    if (current.compare_exchange_strong(found, fresh.get())) found = fresh.release();
  }
  return *found;
}

}  // namespace

std::shared_ptr<NodeTurn::File> NodeTurn::opened(const fs::path& path) {
  OpenFiles& open = open_files();
  const std::lock_guard lock(open.mutex);
  if (auto known = open.files[path].lock()) return std::static_pointer_cast<File>(known);
  auto file = std::make_shared<File>();
  file->fd =
      UniqueFd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
  if (!file->fd) throw error_from_errno(errno, fmt::format("opening {}", path.string()));
  open.files[path] = file;
  return file;
}

NodeTurn::NodeTurn(const std::string& peers, const std::string& run, const fs::path& folder) {
  require_own_folder(folder);
  constexpr std::size_t enough = 32;
  const std::string name = sha256_of(fmt::format("{}\n{}", peers, run)).substr(0, enough);
  file_ = opened(folder / (name + ".turn"));
}

// Whoever opens the file again meanwhile must not lose the lock to the close here.
NodeTurn::~NodeTurn() {
  const std::lock_guard lock(open_files().mutex);
  file_.reset();
}

bool NodeTurn::take() {
  const std::lock_guard lock(file_->mutex);
  if (file_->is_locked) return true;
  struct flock wanted = whole_file(F_WRLCK);
  if (fcntl(file_->fd.get(), F_SETLK, &wanted) != 0) return false;
  file_->is_locked = true;
  is_first_ = true;
  std::ignore = ftruncate(file_->fd.get(), 0);  // what was said there is of an owner before
  return true;
}

bool NodeTurn::is_free() const {
  const std::lock_guard lock(file_->mutex);
  struct flock wanted = whole_file(F_WRLCK);
  return fcntl(file_->fd.get(), F_GETLK, &wanted) == 0 && wanted.l_type == F_UNLCK;
}

void NodeTurn::tell(const NodeOwner& owner) {
  if (!is_first_) return;
  const std::string text = to_json(owner).dump(-1, ' ', false, Json::error_handler_t::replace);
  const std::lock_guard lock(file_->mutex);
  const auto size = static_cast<ssize_t>(text.size());
  if (ftruncate(file_->fd.get(), 0) != 0 ||
      pwrite(file_->fd.get(), text.data(), text.size(), 0) != size) {
    throw error_from_errno(errno, "telling the other ranks on this node who measures it");
  }
}

std::optional<NodeOwner> NodeTurn::owner() const {
  std::string text(longest_file, '\0');
  const std::lock_guard lock(file_->mutex);
  const ssize_t size = pread(file_->fd.get(), text.data(), text.size(), 0);
  if (size < 0) return std::nullopt;
  text.resize(static_cast<std::size_t>(size));
  return owner_from(text);
}

fs::path NodeTurn::turns_folder() { return fmt::format("/tmp/wattfor-{}", geteuid()); }

}  // namespace wattfor
