#include "base/program_output.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace wattfor {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Takes what can be read now; what is beyond `most` is read and dropped, so that the program does
// not wait for a reader. False at the end of the stream.
bool take_available(int pipe, std::string& text, std::size_t most) {
  std::array<char, 4096> piece{};
  const ssize_t count = ::read(pipe, piece.data(), piece.size());
  if (count > 0) {
    text.append(piece.data(), std::min(static_cast<std::size_t>(count), most - text.size()));
  }
  return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR));
}

}  // namespace

ProgramOutput output_of(const std::vector<std::string>& command, milliseconds longest,
                        std::size_t most_bytes) {
  const auto deadline = steady_clock::now() + longest;
  const auto left = [&] {
    return std::max(std::chrono::ceil<milliseconds>(deadline - steady_clock::now()),
                    milliseconds::zero());
  };
  ProgramOutput result;
  Subprocess program(command, Streams::piped);
  program.close_stdin();
  std::array<pollfd, 2> pipes{
      {{.fd = program.stdout_pipe().get(), .events = POLLIN, .revents = 0},
       {.fd = program.stderr_pipe().get(), .events = POLLIN, .revents = 0}}};
  const std::array<std::string*, 2> texts{&result.output, &result.messages};
  // poll passes over negative descriptors.
  while ((pipes[0].fd >= 0 || pipes[1].fd >= 0) && left() > milliseconds::zero()) {
    ::poll(pipes.data(), pipes.size(), static_cast<int>(left().count()));
    for (std::size_t i = 0; i < pipes.size(); ++i) {
      const bool has_news = pipes[i].fd >= 0 && pipes[i].revents != 0;
      if (has_news && !take_available(pipes[i].fd, *texts[i], most_bytes)) pipes[i].fd = -1;
    }
  }
  result.status = program.wait_for(left());
  result.left_behind = !result.status && !program.kill();
  return result;
}

}  // namespace wattfor
