#include "tracking/node_turn.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <nlohmann/json.hpp>
#include <system_error>

#include "base/error.h"
#include "base/sha256.h"

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
                fmt::format("{} is no folder that only you may write to", folder.string()));
  }
}

struct flock whole_file(short type) {
  struct flock lock{};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  return lock;
}

Json to_json(const NodeOwner& owner) {
  return {{"record", owner.record},
          {"store", owner.store.string()},
          {"marks", owner.marks.string()},
          {"rank", owner.rank ? Json(*owner.rank) : Json()},
          {"continues", owner.continues},
          {"finished", owner.finished},
          {"pid", owner.pid}};
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
    owner.pid = json.at("pid").get<int>();
    return owner;
  } catch (const Json::exception&) {
    return std::nullopt;  // nobody has said anything yet, or just does
  }
}

}  // namespace

NodeTurn::NodeTurn(const std::string& run, const fs::path& folder) {
  require_own_folder(folder);
  constexpr std::size_t enough = 32;
  path_ = folder / (sha256_of(run).substr(0, enough) + ".turn");
  file_ =
      UniqueFd(open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
  if (!file_) throw error_from_errno(errno, fmt::format("opening {}", path_.string()));
}

bool NodeTurn::take() {
  struct flock wanted = whole_file(F_WRLCK);
  while (fcntl(file_.get(), F_SETLK, &wanted) != 0) {
    if (errno == EACCES || errno == EAGAIN) return false;
    if (errno != EINTR) throw error_from_errno(errno, fmt::format("locking {}", path_.string()));
  }
  return true;
}

void NodeTurn::give_back() {
  struct flock wanted = whole_file(F_UNLCK);
  fcntl(file_.get(), F_SETLK, &wanted);
}

std::optional<int> NodeTurn::holder() const {
  struct flock wanted = whole_file(F_WRLCK);
  if (fcntl(file_.get(), F_GETLK, &wanted) != 0 || wanted.l_type == F_UNLCK) return std::nullopt;
  return std::max(0, static_cast<int>(wanted.l_pid));
}

bool NodeTurn::is_free() const { return !holder(); }

// Written over what is there, which needs no room on a full disk, and cut behind.
void NodeTurn::tell(const NodeOwner& owner) {
  const std::string text = to_json(owner).dump(-1, ' ', false, Json::error_handler_t::replace);
  const auto size = static_cast<ssize_t>(text.size());
  if (pwrite(file_.get(), text.data(), text.size(), 0) != size ||
      ftruncate(file_.get(), size) != 0) {
    throw error_from_errno(errno, fmt::format("writing {}", path_.string()));
  }
}

std::optional<NodeOwner> NodeTurn::owner() const {
  std::string text(longest_file, '\0');
  const ssize_t size = pread(file_.get(), text.data(), text.size(), 0);
  if (size < 0) return std::nullopt;
  text.resize(static_cast<std::size_t>(size));
  auto owner = owner_from(text);
  const auto now = holder();
  // Who has just taken the turn has not said anything yet: what stands there is of one before.
  if (owner && now.value_or(0) > 0 && owner->pid != *now) return std::nullopt;
  return owner;
}

void NodeTurn::remove() {
  std::error_code ignored;
  fs::remove(path_, ignored);
}

fs::path NodeTurn::turns_folder() { return fmt::format("/tmp/wattfor-{}", geteuid()); }

}  // namespace wattfor
