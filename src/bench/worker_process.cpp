#include "bench/worker_process.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "measurement/json.h"

namespace wattfor {
namespace {

using std::chrono::nanoseconds;

// What the worker itself says it can't do; it lives on. Any other Error in a conversation ends the
// worker. Both stay in this file: a load and a run answer with a WorkerFailure.
struct Refusal : std::runtime_error {
  explicit Refusal(const protocol::Failed& failed)
      : std::runtime_error(failed.message), kind(failed.kind) {}
  protocol::FailureKind kind;
};

// A worker's log may hold any bytes, and its end may begin within a character; records are UTF-8.
std::string as_utf8(const std::string& text) {
  return nlohmann::json::parse(dump(nlohmann::json(text))).get<std::string>();
}

Instant instant_of(std::int64_t monotonic_ns) {
  return Instant(std::chrono::duration_cast<Instant::duration>(nanoseconds(monotonic_ns)));
}

std::string_view name_of(const protocol::Reply& reply) {
  struct Namer {
    std::string_view operator()(const protocol::HelloReply&) const { return "hello"; }
    std::string_view operator()(const protocol::Listed&) const { return "listed"; }
    std::string_view operator()(const protocol::Loaded&) const { return "loaded"; }
    std::string_view operator()(const protocol::Started&) const { return "started"; }
    std::string_view operator()(const protocol::Batches&) const { return "batches"; }
    std::string_view operator()(const protocol::Finished&) const { return "finished"; }
    std::string_view operator()(const protocol::Failed&) const { return "failed"; }
  };
  return std::visit(Namer{}, reply);
}

Error unexpected(const protocol::Reply& reply, std::string_view expected) {
  return {ErrorCode::invalid_input,
          fmt::format("expected `{}`, got `{}`", expected, name_of(reply))};
}

template <class Wanted>
Wanted only(protocol::Reply reply, std::string_view expected) {
  if (auto* wanted = std::get_if<Wanted>(&reply)) return std::move(*wanted);
  throw unexpected(reply, expected);
}

// Adds the marks of a message. Marks that can't be true would become joules that were never used.
void append(RunMarks& marks, const protocol::Batches& batches, Instant now) {
  constexpr std::size_t most_entries = 10'000'000;  // they are to be 1 ms apart: hours of them
  constexpr std::int64_t most_batches = 1'000'000'000'000;
  std::int64_t total = marks.batches();
  for (std::size_t i = 0; i < batches.count.size(); ++i) {
    const Instant end = instant_of(batches.end_ns[i]);
    const Instant previous = marks.end.empty() ? marks.started : marks.end.back();
    if (batches.count[i] > most_batches - total) {
      throw Error(ErrorCode::invalid_input,
                  fmt::format("more than {} batches in one run", most_batches));
    }
    total += batches.count[i];
    if (end <= previous || end > now) {
      throw Error(ErrorCode::invalid_input,
                  fmt::format("expected batches that end after {} ns and not in the future, in "
                              "CLOCK_MONOTONIC, got {} that end at {} ns",
                              nanoseconds(previous.time_since_epoch()).count(), batches.count[i],
                              batches.end_ns[i]));
    }
    marks.count.push_back(batches.count[i]);
    marks.end.push_back(end);
  }
  if (marks.end.size() > most_entries) {
    throw Error(ErrorCode::invalid_input,
                fmt::format("more than {} marks in one run", most_entries));
  }
}

// Whether a run has done what it was asked to. A hundredth is forgiven: a worker may look at the
// clock a moment after the mark.
bool complete(const RunMarks& marks, const protocol::Run& run) {
  const double seconds = 1.01 * marks.duration().count();
  if (run.max_seconds > 0.0 && seconds >= run.max_seconds) return !marks.end.empty();
  return !marks.end.empty() && marks.batches() >= run.min_batches && seconds >= run.min_seconds;
}

}  // namespace

WorkerProcess::WorkerProcess(const std::vector<std::string>& command, WorkerLimits limits,
                             std::function<bool()> interrupted)
    : command_(fmt::format("{}", fmt::join(command, " "))),
      limits_(limits),
      process_(command, protocol::longest_line, std::move(interrupted)) {
  try {
    process_.send(protocol::line_of(protocol::Hello{}));
    hello_ = only<protocol::HelloReply>(receive(limits_.hello, "hello"), "hello");
  } catch (const Refusal& refusal) {
    throw Error(ErrorCode::unsupported, explained(fmt::format("it refuses to speak protocol {}: {}",
                                                              protocol::version, refusal.what())));
  } catch (const Error& breach) {
    alive_ = false;
    process_.end(Seconds(0.0));
    throw Error(breach.code(), explained(breach.what()));
  }
}

WorkerProcess::~WorkerProcess() {
  if (!alive_) return;
  process_.send(protocol::line_of(protocol::Quit{}));
  process_.end(limits_.quit);
}

std::variant<protocol::Loaded, WorkerFailure> WorkerProcess::load(const protocol::Load& load) {
  return guarded<protocol::Loaded>([&] {
    process_.send(protocol::line_of(load));
    return only<protocol::Loaded>(receive(limits_.load, "loaded"), "loaded");
  });
}

std::variant<protocol::Listed, WorkerFailure> WorkerProcess::list(const protocol::List& list) {
  return guarded<protocol::Listed>([&] {
    process_.send(protocol::line_of(list));
    return only<protocol::Listed>(receive(limits_.load, "listed"), "listed");
  });
}

std::variant<RunMarks, WorkerFailure> WorkerProcess::run(
    const protocol::Run& run, const std::function<void(Instant)>& on_started) {
  return guarded<RunMarks>([&] { return receive_marks(run, on_started); });
}

RunMarks WorkerProcess::receive_marks(const protocol::Run& run,
                                      const std::function<void(Instant)>& on_started) {
  const SystemClock clock;
  const Instant asked = clock.now();
  process_.send(protocol::line_of(run));
  RunMarks marks;
  if (run.warm_up) {
    marks.memory_bytes =
        only<protocol::Finished>(receive(limits_.silence, "finished"), "finished").memory_bytes;
    return marks;
  }

  const auto started = only<protocol::Started>(receive(limits_.silence, "started"), "started");
  marks.started = instant_of(started.t_ns);
  if (marks.started < asked || marks.started > clock.now()) {
    throw Error(ErrorCode::invalid_input,
                fmt::format("expected a run that starts after it was asked for and not in the "
                            "future, in CLOCK_MONOTONIC, got a start at {} ns",
                            started.t_ns));
  }
  on_started(marks.started);

  std::optional<Instant> complete_since;
  for (;;) {
    const auto reply = receive(limits_.silence, "batches");
    const Instant now = clock.now();
    if (const auto* batches = std::get_if<protocol::Batches>(&reply)) {
      append(marks, *batches, now);
      // A worker may say that nothing has ended, but not for ever.
      const Instant progress = marks.end.empty() ? marks.started : marks.end.back();
      if (now - progress > limits_.silence) {
        throw Error(ErrorCode::timed_out,
                    fmt::format("expected a batch to end within {} s, got none; it was killed",
                                limits_.silence.count()));
      }
      if (!complete_since && complete(marks, run)) complete_since = now;
      if (complete_since && now - *complete_since > limits_.silence) {
        throw Error(ErrorCode::timed_out,
                    fmt::format("expected `finished`, but its run goes on {} s after it was long "
                                "enough",
                                limits_.silence.count()));
      }
      continue;
    }
    marks.memory_bytes = only<protocol::Finished>(reply, "batches").memory_bytes;
    if (!complete(marks, run)) {
      throw Error(
          ErrorCode::invalid_input,
          fmt::format("expected a run of at least {} batches and {} s, got {} in {:.3f} s",
                      run.min_batches, run.min_seconds, marks.batches(), marks.duration().count()));
    }
    return marks;
  }
}

protocol::Reply WorkerProcess::receive(Seconds limit, std::string_view expected) {
  const auto answer = process_.receive(limit);
  if (const auto* line = std::get_if<std::string>(&answer)) {
    try {
      auto reply = protocol::parse_reply(*line);
      if (const auto* failed = std::get_if<protocol::Failed>(&reply)) throw Refusal(*failed);
      return reply;
    } catch (const Error& error) {
      throw Error(error.code(), fmt::format("expected `{}`: {}", expected, error.what()));
    }
  }
  switch (std::get<LineProcess::NoLine>(answer)) {
    case LineProcess::NoLine::timed_out:
      throw Error(ErrorCode::timed_out,
                  fmt::format("expected `{}` within {} s, got nothing; it was killed", expected,
                              limit.count()));
    case LineProcess::NoLine::interrupted:
      throw Error(ErrorCode::timed_out, "interrupted");
    case LineProcess::NoLine::too_long:
      throw Error(ErrorCode::invalid_input,
                  fmt::format("expected `{}` in a line of at most {} bytes, got a longer one",
                              expected, protocol::longest_line));
    case LineProcess::NoLine::ended:
      break;
  }
  const auto ended = process_.end(limits_.quit);
  const std::string status =
      ended ? "it ended: " + ended->describe() : "it closed its output and was killed";
  throw Error(ErrorCode::io, fmt::format("expected `{}`, but {}", expected, status));
}

template <class Answer>
std::variant<Answer, WorkerFailure> WorkerProcess::guarded(
    const std::function<Answer()>& conversation) {
  if (!alive_) return WorkerFailure{protocol::FailureKind::died, explained("it has ended before")};
  try {
    return conversation();
  } catch (const Refusal& refusal) {
    return WorkerFailure{refusal.kind, as_utf8(refusal.what())};
  } catch (const Error& breach) {
    alive_ = false;
    process_.end(Seconds(0.0));
    return WorkerFailure{protocol::FailureKind::died, explained(breach.what())};
  }
}

std::string WorkerProcess::explained(const std::string& what) const {
  std::string message = fmt::format("worker `{}`: {}", command_, what);
  if (const std::string log(trimmed(process_.log_end())); !alive_ && !log.empty()) {
    message += fmt::format("\nthe end of its log:\n{}", log);
  }
  return as_utf8(message);
}

}  // namespace wattfor
