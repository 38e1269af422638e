#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "base/unique_fd.h"
#include "tracking/mark.h"

namespace wattfor {

// Where a program finds the socket of the run that it is part of.
inline constexpr const char* marks_variable = "WATTFOR_MARKS";

// A Unix socket for the marks of programs in any language: a connection writes lines (mark.h) and
// is answered "ok" or "error: …" for each. It lies in a folder of its own that only this user may
// enter, and goes with this object. What is written before there is a MarkServer waits.
class MarkSocket {
 public:
  // Throws Error where no socket can be made.
  MarkSocket();
  MarkSocket(const MarkSocket&) = delete;
  MarkSocket& operator=(const MarkSocket&) = delete;
  ~MarkSocket();

  const std::filesystem::path& path() const { return path_; }
  int listening() const { return listening_.get(); }

 private:
  std::filesystem::path folder_;
  std::filesystem::path path_;
  UniqueFd listening_;
};

// Hands over each mark as it comes, on a thread of its own. What `take` throws as Error is the
// answer. The socket must outlive it.
class MarkServer {
 public:
  MarkServer(const MarkSocket& socket, std::function<void(const ProgramMark&)> take);
  MarkServer(const MarkServer&) = delete;
  MarkServer& operator=(const MarkServer&) = delete;
  // Takes what has been written by now, then ends.
  ~MarkServer();

 private:
  UniqueFd ending_;  // an eventfd
  std::jthread thread_;
};

// Writes the lines to the socket at `path`, and waits for each answer, all in all a few seconds at
// most. The answers that are no "ok", without "error: ". Throws Error where nobody answers, with
// ErrorCode::not_found where the run is over.
std::vector<std::string> send_marks(const std::filesystem::path& path,
                                    const std::vector<std::string>& lines);

}  // namespace wattfor
