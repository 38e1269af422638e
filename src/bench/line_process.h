#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/subprocess.h"
#include "units/quantity.h"

namespace wattfor {

// A child process that is spoken to in lines over its pipes, and can neither block the caller for
// ever nor use up its memory: every wait has a limit, a line has a greatest length, and of the log
// on its stderr, which is read along the way, only the end is kept.
class LineProcess {
 public:
  enum class NoLine {
    timed_out,
    interrupted,
    ended,     // it closed its output: mostly, it is dead
    too_long,  // more than `longest_line` bytes without a newline
  };

  // `interrupted` is asked at least every 100 ms while waiting; may be empty. Throws Error where
  // the command can't be started.
  LineProcess(const std::vector<std::string>& command, std::size_t longest_line,
              std::function<bool()> interrupted);

  // Queues a line, without its newline; it is written while receive() waits.
  void send(const std::string& line);
  // The next line, without its newline.
  std::variant<std::string, NoLine> receive(Seconds limit);

  // Waits for its end and says how it ended; nothing where it had to be killed after `grace`.
  std::optional<ExitStatus> end(Seconds grace);
  // The last 4 KiB of its log.
  const std::string& log_end() const { return log_; }

 private:
  std::optional<std::string> take_line();
  // Moves bytes in all three directions, waiting for at most `limit` until some can be moved.
  void pump(std::chrono::milliseconds limit);
  void write_requests();
  void read_replies();
  // What is left in the pipe of a process that has ended, then counts its output as closed.
  void read_the_rest();
  void read_log();

  std::size_t longest_line_;
  std::function<bool()> interrupted_;
  Subprocess process_;
  std::string requests_;
  std::string replies_;
  std::size_t taken_ = 0;  // bytes at the front of `replies_` that receive() has given out
  std::string log_;
  bool output_open_ = true;
  bool log_open_ = true;
};

}  // namespace wattfor
