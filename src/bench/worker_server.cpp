#include "bench/worker_server.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <exception>
#include <new>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/unique_fd.h"
#include "units/quantity.h"

namespace wattfor {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds entry_length{1};
constexpr milliseconds message_interval{100};
// A warm-up ends with the first batch after this: long enough for caches, threads and clocks.
constexpr milliseconds warm_up_length{200};

std::int64_t nanoseconds_of(Instant instant) {
  return std::chrono::nanoseconds(instant.time_since_epoch()).count();
}

// The requests, a line each, as they arrive.
class Requests {
 public:
  explicit Requests(int fd) : fd_(fd) {}

  // Waits for the next line; nothing at the end of input. Throws Error{invalid_input} for a line
  // that is too long, after which there is no telling where the next one begins.
  std::optional<std::string> next() {
    while (!line_ends() && open_) receive();
    if (!line_ends()) return std::nullopt;
    const auto end = bytes_.find('\n');
    std::string line = bytes_.substr(0, end);
    bytes_.erase(0, end + 1);
    return line;
  }

  // The next line if it has arrived, without taking it.
  std::optional<std::string_view> peek() {
    pollfd waiting{.fd = fd_, .events = POLLIN, .revents = 0};
    if (open_ && ::poll(&waiting, 1, 0) > 0) receive();
    if (!line_ends()) return std::nullopt;
    return std::string_view(bytes_).substr(0, bytes_.find('\n'));
  }

 private:
  bool line_ends() const { return bytes_.find('\n') != std::string::npos; }

  void receive() {
    std::array<char, 4096> piece{};
    const ssize_t count = ::read(fd_, piece.data(), piece.size());
    if (count < 0 && errno == EINTR) return;
    if (count <= 0) {
      open_ = false;
      return;
    }
    bytes_.append(piece.data(), static_cast<std::size_t>(count));
    if (bytes_.size() > protocol::longest_line && !line_ends()) {
      throw Error(ErrorCode::invalid_input,
                  fmt::format("a request is longer than {} bytes", protocol::longest_line));
    }
  }

  int fd_;
  std::string bytes_;
  bool open_ = true;
};

protocol::Failed failed_of(const std::exception& exception) {
  using protocol::FailureKind;
  if (dynamic_cast<const std::bad_alloc*>(&exception) != nullptr) {
    return {.kind = FailureKind::out_of_memory, .message = "out of memory"};
  }
  const auto* error = dynamic_cast<const Error*>(&exception);
  const bool unsupported = error != nullptr && error->code() == ErrorCode::unsupported;
  return {.kind = unsupported ? FailureKind::unsupported : FailureKind::error,
          .message = exception.what()};
}

class Conversation {
 public:
  Conversation(Backend& backend, int input_fd, int output_fd)
      : backend_(backend), requests_(input_fd), output_fd_(output_fd) {}

  void hold() {
    while (!over_) {
      const auto line = next_request();
      if (!line) return;
      answer(*line);
    }
  }

 private:
  std::optional<std::string> next_request() {
    try {
      return requests_.next();
    } catch (const Error& error) {
      send(failed_of(error));
      throw;
    }
  }

  void send(const protocol::Reply& reply) {
    write_all(output_fd_, protocol::line_of(reply) + "\n");
  }

  void answer(const std::string& line) {
    std::optional<protocol::Request> request;
    try {
      request = protocol::parse_request(line);
    } catch (const Error& error) {
      send(failed_of(error));
      return;
    }
    std::visit([this](const auto& each) { handle(each); }, *request);
  }

  void handle(const protocol::Hello& hello) {
    if (hello.protocol > protocol::version) {
      send(protocol::Failed{
          .kind = protocol::FailureKind::unsupported,
          .message = fmt::format("wattfor speaks protocol {}, this worker protocol {}; use a newer "
                                 "worker",
                                 hello.protocol, protocol::version)});
      return;
    }
    send(backend_.hello());
  }

  void handle(const protocol::List& list) {
    send(protocol::Failed{
        .kind = protocol::FailureKind::unsupported,
        .message = fmt::format("this worker knows no models by name: '{}'; give model files",
                               list.models)});
  }

  void handle(const protocol::Load& load) {
    const Instant begin = clock_.now();
    auto outcome = guarded([&]() -> protocol::Reply {
      auto answer = backend_.load(load);
      if (auto* failed = std::get_if<protocol::Failed>(&answer)) return std::move(*failed);
      return std::move(std::get<protocol::Loaded>(answer));
    });
    auto* loaded = std::get_if<protocol::Loaded>(&outcome);
    if (loaded != nullptr) loaded->seconds = Seconds(clock_.now() - begin).count();
    loaded_ = loaded != nullptr;
    send(outcome);
  }

  void handle(const protocol::Run& run) {
    if (!loaded_) {
      send(protocol::Failed{.kind = protocol::FailureKind::error,
                            .message = "there is nothing to run: no model is loaded"});
      return;
    }
    auto outcome = guarded([&]() -> protocol::Reply {
      if (auto failed = backend_.prepare(run.batch)) return std::move(*failed);
      if (auto failed = run.warm_up ? warm_up() : measure(run)) return std::move(*failed);
      return protocol::Finished{backend_.memory_bytes()};
    });
    send(outcome);
  }

  // A stop that crossed the end of its run on the way.
  void handle(const protocol::Stop&) {}

  void handle(const protocol::Quit&) { over_ = true; }

  std::optional<protocol::Failed> warm_up() {
    const Instant begin = clock_.now();
    do {
      if (auto failed = backend_.run_batch()) return failed;
    } while (clock_.now() - begin < warm_up_length);
    return std::nullopt;
  }

  std::optional<protocol::Failed> measure(const protocol::Run& run) {
    const auto enough = [&run](std::int64_t batches, Seconds elapsed) {
      if (run.max_seconds > 0 && elapsed.count() >= run.max_seconds) return true;
      return batches >= run.min_batches && elapsed.count() >= run.min_seconds;
    };
    protocol::Batches unsent;
    std::int64_t batches = 0;
    std::int64_t in_entry = 0;
    const Instant started = clock_.now();
    send(protocol::Started{nanoseconds_of(started)});
    Instant entry_end = started;
    Instant last_sent = started;
    for (bool done = false; !done;) {
      if (auto failed = backend_.run_batch()) return failed;
      const Instant now = clock_.now();
      ++in_entry;
      if (now - entry_end < entry_length) continue;
      unsent.count.push_back(in_entry);
      unsent.end_ns.push_back(nanoseconds_of(now));
      batches += std::exchange(in_entry, 0);
      entry_end = now;
      done = enough(batches, now - started);
      if (!done && now - last_sent < message_interval) continue;
      send(std::exchange(unsent, {}));
      last_sent = now;
      done = done || told_to_stop();
    }
    return std::nullopt;
  }

  // A stop that has arrived during a run is taken; anything else waits for the run's end. A wattfor
  // that has gone shows when the next message can't be sent.
  bool told_to_stop() {
    const auto line = requests_.peek();
    if (!line) return false;
    try {
      if (!std::holds_alternative<protocol::Stop>(protocol::parse_request(*line))) return false;
    } catch (const Error&) {
      return false;  // answered after the run
    }
    requests_.next();
    return true;
  }

  template <class Work>
  protocol::Reply guarded(Work work) {
    try {
      return work();
    } catch (const std::exception& exception) {
      return failed_of(exception);
    }
  }

  Backend& backend_;
  Requests requests_;
  int output_fd_;
  SystemClock clock_;
  bool loaded_ = false;
  bool over_ = false;
};

}  // namespace

int serve(Backend& backend, int input_fd, int output_fd) {
  try {
    Conversation(backend, input_fd, output_fd).hold();
    return 0;
  } catch (const Error&) {
    return 1;
  }
}

int run_worker(Backend& backend) {
  const UniqueFd input(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
  const UniqueFd output(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
  const UniqueFd nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const bool moved = input && output && nothing && ::dup2(nothing.get(), STDIN_FILENO) >= 0 &&
                     ::dup2(STDERR_FILENO, STDOUT_FILENO) >= 0;
  if (!moved) throw error_from_errno(errno, "a worker's standard streams can't be set aside");
  // A terminal or a scheduler signals a whole job; a worker ends when its input does, or is killed.
  std::signal(SIGINT, SIG_IGN);
  std::signal(SIGTERM, SIG_IGN);
  return serve(backend, input.get(), output.get());
}

}  // namespace wattfor
