#include "bench/line_process.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "base/pipe_signal.h"

namespace wattfor {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kept_log = 4096;
constexpr std::size_t chunk = 65536;
constexpr milliseconds between_questions{100};

// Appends what can be read now, one chunk at most. False at the end of the stream.
bool append_available(int fd, std::string& text) {
  std::array<char, chunk> buffer{};
  const ssize_t count = ::read(fd, buffer.data(), buffer.size());
  if (count > 0) text.append(buffer.data(), static_cast<std::size_t>(count));
  return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR));
}

}  // namespace

LineProcess::LineProcess(const std::vector<std::string>& command, std::size_t longest_line,
                         std::function<bool()> interrupted)
    : longest_line_(longest_line),
      interrupted_(std::move(interrupted)),
      process_(command, Streams::piped) {
  const int input = process_.stdin_pipe().get();
  ::fcntl(input, F_SETFL, ::fcntl(input, F_GETFL) | O_NONBLOCK);
}

void LineProcess::send(const std::string& line) {
  requests_ += line;
  requests_ += '\n';
  write_requests();
}

std::variant<std::string, LineProcess::NoLine> LineProcess::receive(Seconds limit) {
  const auto deadline = steady_clock::now() + std::chrono::ceil<milliseconds>(limit);
  for (;;) {
    if (interrupted_ && interrupted_()) return NoLine::interrupted;
    if (auto line = take_line()) return std::move(*line);
    if (replies_.size() > longest_line_) return NoLine::too_long;
    if (!output_open_) return NoLine::ended;
    // Its own children may hold the pipe open after its death.
    if (process_.has_ended()) {
      read_the_rest();
      continue;
    }
    const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
    if (left <= milliseconds::zero()) return NoLine::timed_out;
    pump(std::min(left, between_questions));
  }
}

std::optional<std::string> LineProcess::take_line() {
  const auto newline = replies_.find('\n', taken_);
  if (newline == std::string::npos) {
    replies_.erase(0, taken_);
    taken_ = 0;
    return std::nullopt;
  }
  std::string line = replies_.substr(taken_, newline - taken_);
  taken_ = newline + 1;
  return line;
}

void LineProcess::pump(milliseconds limit) {
  // poll passes over negative descriptors.
  std::array<pollfd, 3> pipes = {{
      {output_open_ ? process_.stdout_pipe().get() : -1, POLLIN, 0},
      {log_open_ ? process_.stderr_pipe().get() : -1, POLLIN, 0},
      {requests_.empty() ? -1 : process_.stdin_pipe().get(), POLLOUT, 0},
  }};
  if (::poll(pipes.data(), pipes.size(), static_cast<int>(limit.count())) <= 0) return;
  if (pipes[0].revents != 0) read_replies();
  if (pipes[1].revents != 0) read_log();
  if (pipes[2].revents != 0) write_requests();
}

void LineProcess::write_requests() {
  const PipeSignalHeld held;
  const ssize_t count = ::write(process_.stdin_pipe().get(), requests_.data(), requests_.size());
  if (count > 0) {
    requests_.erase(0, static_cast<std::size_t>(count));
  } else if (errno != EAGAIN && errno != EINTR) {
    // Nobody reads any more; how the child ended shows on its output.
    requests_.clear();
  }
}

void LineProcess::read_replies() {
  output_open_ = append_available(process_.stdout_pipe().get(), replies_);
}

void LineProcess::read_the_rest() {
  for (std::size_t before = 0; output_open_ && replies_.size() <= longest_line_;) {
    before = replies_.size();
    read_replies();
    output_open_ = output_open_ && replies_.size() > before;
  }
}

void LineProcess::read_log() {
  log_open_ = append_available(process_.stderr_pipe().get(), log_);
  if (log_.size() > kept_log) log_.erase(0, log_.size() - kept_log);
}

std::optional<ExitStatus> LineProcess::end(Seconds grace) {
  process_.close_stdin();
  requests_.clear();
  const auto ended = process_.wait_for(std::chrono::ceil<milliseconds>(grace));
  if (!ended) process_.kill();
  // Its last words; at most a pipe's content, as a grandchild may hold the other end and go on.
  constexpr int pipe_chunks = 16;
  for (int i = 0; i < pipe_chunks && log_open_; ++i) {
    const std::size_t before = log_.size();
    read_log();
    if (log_.size() == before && before < kept_log) break;
  }
  return ended;
}

}  // namespace wattfor
