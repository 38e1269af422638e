#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "bench/line_process.h"
#include "bench/worker.h"
#include "units/quantity.h"

namespace wattfor {

// How long a worker may keep us waiting; past that it counts as hung and is killed.
struct WorkerLimits {
  Seconds hello{15.0};     // it starts and opens its runtime's library
  Seconds load{300.0};     // it reads and optimises the model, or lists those that it knows
  Seconds silence{120.0};  // between two messages of a run: one batch, or the making of its inputs
  Seconds quit{1.0};       // it ends by itself after `quit`
};

// A worker that is a child process and speaks the protocol over its pipes. It is killed when it is
// silent for too long, breaks the protocol, or sends marks of time that can't be true; the
// failure's message then names the command, what was expected and the end of its log.
class WorkerProcess final : public Worker {
 public:
  // Starts `command` and says hello. Throws Error naming the command: not_found or
  // permission_denied where it can't be started, timed_out where it does not answer, io where it
  // dies, invalid_input where it answers something else, unsupported where it refuses or speaks a
  // higher protocol.
  //
  // `interrupted` is asked at least every 100 ms while waiting; once it says yes the worker is
  // killed and what was waited for has failed.
  explicit WorkerProcess(const std::vector<std::string>& command, WorkerLimits limits = {},
                         std::function<bool()> interrupted = {});
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;
  // Asks it to quit, and kills it where it does not.
  ~WorkerProcess() override;

  const protocol::HelloReply& hello() const override { return hello_; }
  std::variant<protocol::Loaded, WorkerFailure> load(const protocol::Load& load) override;
  std::variant<protocol::Listed, WorkerFailure> list(const protocol::List& list) override;
  std::variant<RunMarks, WorkerFailure> run(
      const protocol::Run& run, const std::function<void(Instant)>& on_started) override;
  // False after a failure that ended it.
  bool alive() const { return alive_; }

 private:
  // The next reply. Throws Error where none comes, and Refusal (worker_process.cpp) where it says
  // that it failed.
  protocol::Reply receive(Seconds limit, std::string_view expected);
  RunMarks receive_marks(const protocol::Run& run, const std::function<void(Instant)>& on_started);
  // Calls `conversation`; a breach in it kills the worker and becomes the failure.
  template <class Answer>
  std::variant<Answer, WorkerFailure> guarded(const std::function<Answer()>& conversation);
  // With the command's name before it and, of a dead worker, the end of its log after it.
  std::string explained(const std::string& what) const;

  std::string command_;  // as messages name it
  WorkerLimits limits_;
  LineProcess process_;
  bool alive_ = true;
  protocol::HelloReply hello_;
};

}  // namespace wattfor
