#include "server/store_watch.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <time.h>

#include <exception>
#include <memory>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "store/store.h"

namespace wattfor {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t second_ns = 1'000'000'000;
// File systems take their times from a clock that ticks every 1 to 10 ms, some every two seconds: a
// file that was written so shortly ago may be written again without bearing another time.
constexpr std::int64_t settling_ns = 2 * second_ns;

std::int64_t nanoseconds(const timespec& time) { return time.tv_sec * second_ns + time.tv_nsec; }

std::int64_t wall_clock_ns() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return nanoseconds(now);
}

}  // namespace

StoreWatch::StoreWatch(fs::path path) : path_(std::move(path)) {}

std::optional<StoreWatch::FileMark> StoreWatch::mark_of(const fs::path& file) {
  struct stat facts{};
  if (::stat(file.c_str(), &facts) != 0) return std::nullopt;
  return FileMark{.device = facts.st_dev,
                  .inode = facts.st_ino,
                  .bytes = facts.st_size,
                  .written_ns = nanoseconds(facts.st_mtim)};
}

StoreWatch::Marks StoreWatch::marks() const {
  std::error_code ignored;
  const fs::path real = fs::weakly_canonical(path_, ignored);  // the log lies beside it, not a link
  Marks marks{.store = mark_of(path_), .log = mark_of(fs::path(real) += "-wal")};
  // Readers make an empty one.
  if (marks.log && marks.log->bytes == 0) marks.log.reset();
  return marks;
}

bool StoreWatch::is_settled(const Marks& marks) const {
  const std::int64_t now = wall_clock_ns();
  const auto is_old = [now](const std::optional<FileMark>& mark) {
    return !mark || mark->written_ns > now || now - mark->written_ns > settling_ns;
  };
  return is_old(marks.store) && is_old(marks.log);
}

StoreWatch::Change StoreWatch::look() {
  Marks now = marks();
  // A process that measures may end without a word.
  if (now == seen_ && !is_to_read_ && running_.empty()) return {};
  is_to_read_ = !is_settled(now);
  seen_ = now;
  const StoreState before = state_;
  const std::vector<Measurement> ran = running_;
  read();
  return {.state = state_.content != before.content || state_.problem != before.problem,
          .running = running_ != ran};
}

void StoreWatch::read() {
  const int locked_before = std::exchange(locked_looks_, 0);
  if (!seen_.store) {
    running_.clear();
    const bool was_there = state_.content->version() != StoreContent().version();
    state_.problem =
        was_there ? fmt::format("{}: the store is gone; this is what it held last", path_.string())
                  : "";
    return;
  }
  try {
    const Store store(path_, StoreAccess::glance);
    if (store.state_name() != state_.content->version()) {
      state_.content = std::make_shared<const StoreContent>(store);
    }
    running_ = store.running();
    state_.problem.clear();
  } catch (const Error& error) {
    if (error.code() == ErrorCode::timed_out) {
      locked_looks_ = locked_before + 1;
      if (locked_looks_ > 1) state_.problem = error.what();
      is_to_read_ = true;
    } else {
      give_up(error);
    }
  } catch (const std::exception& failure) {  // a damaged one may hold anything
    give_up(failure);
  }
}

void StoreWatch::give_up(const std::exception& failure) {
  running_.clear();
  state_.problem = failure.what();
  is_to_read_ = true;  // it may be whole again without being written: its permissions changed
}

}  // namespace wattfor
