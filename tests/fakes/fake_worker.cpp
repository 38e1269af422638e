// wattfor-worker-fake: a worker that runs no model and does, at one moment, what its script says.
//
// The script is $WATTFOR_FAKE_WORKER, else the load option "script", else the stem of the model's
// file, e.g. "crash-at-load". Its form is ACTION-at-MOMENT; anything else behaves well. Moments:
// hello, load, warm_up, run (asked for), start (`started` is sent), batch (a first batch is sent),
// or a number: any run of so large a batch or larger. The actions are in the table below.
//
// A batch takes `fixed_seconds` + batch × `item_seconds` (load options) of real time.
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <thread>

#include "base/clock.h"
#include "bench/protocol.h"

namespace {

namespace protocol = wattfor::protocol;
using Clock = std::chrono::steady_clock;
using wattfor::Instant;

std::int64_t nanoseconds_of(Instant instant) {
  return std::chrono::nanoseconds(instant.time_since_epoch()).count();
}

void say(const std::string& line) { std::cout << line << '\n' << std::flush; }
void say_reply(const protocol::Reply& reply) { say(protocol::line_of(reply)); }

void say_batches(std::int64_t count, std::int64_t end_ns) {
  say(fmt::format(R"({{"batches":{{"count":[{}],"end_ns":[{}]}}}})", count, end_ns));
}

// What actions see of the run.
Instant run_started;
Instant last_end;

[[noreturn]] void hang() {
  for (;;) ::pause();
}

[[noreturn]] void crash() {
  std::signal(SIGSEGV, SIG_DFL);  // the sanitizers' handler would turn it into an exit
  std::raise(SIGSEGV);
  std::abort();
}

[[noreturn]] void flood(int fd) {
  const std::string piece(4096, 'x');
  while (::write(fd, piece.data(), piece.size()) > 0) {
  }
  hang();
}

[[noreturn]] void crash_beside_a_child() {
  if (::fork() == 0) hang();
  crash();
}

[[noreturn]] void report_nothing() {
  for (;;) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    say(R"({"batches":{"count":[],"end_ns":[]}})");
  }
}

[[noreturn]] void run_on() {
  for (;;) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    say_batches(1, nanoseconds_of(Clock::now()));
  }
}

void refuse(protocol::FailureKind kind) {
  say_reply(protocol::Failed{.kind = kind, .message = "as the script says"});
}

struct Action {
  std::string_view name;
  void (*act)();
};

// Those that fail say so in place of the reply; the worker lives on. After a lie it waits to be
// found.
constexpr Action failures[] = {
    {"out-of-memory", [] { refuse(protocol::FailureKind::out_of_memory); }},
    {"unsupported", [] { refuse(protocol::FailureKind::unsupported); }},
    {"error", [] { refuse(protocol::FailureKind::error); }},
};
constexpr Action breaches[] = {
    {"hang", hang},
    {"crash", crash},
    {"crash-beside-a-child", crash_beside_a_child},
    {"exit", [] { ::_exit(3); }},
    {"close-output", [] { ::close(STDOUT_FILENO); }},
    {"log-and-exit",
     [] {
       std::cerr << "the library said why" << std::endl;
       ::_exit(3);
     }},
    {"garbage", [] { say("\x80\xff{]"); }},
    {"wrong-reply",
     [] { say(R"({"hello":{"worker":"","version":"","devices":[],"precisions":[]}})"); }},
    {"protocol-2",
     [] {
       say(R"({"hello":{"protocol":2,"worker":"","version":"","devices":[],"precisions":[]}})");
     }},
    {"endless-line", [] { flood(STDOUT_FILENO); }},
    {"endless-log", [] { flood(STDERR_FILENO); }},
    {"finish", [] { say(R"({"finished":{}})"); }},
    {"run-on", run_on},
    {"report-nothing", report_nothing},
    {"countless", [] { say_batches(INT64_MAX, nanoseconds_of(Clock::now())); }},
    {"negative-count", [] { say_batches(-1, nanoseconds_of(Clock::now())); }},
    {"backwards", [] { say_batches(1, nanoseconds_of(last_end) - 1); }},
    {"before-start", [] { say_batches(1, nanoseconds_of(run_started) - 1); }},
    {"in-the-future", [] { say_batches(1, nanoseconds_of(Clock::now()) + 60'000'000'000); }},
};

class FakeWorker {
 public:
  FakeWorker() {
    if (const char* given = std::getenv("WATTFOR_FAKE_WORKER")) read_script(given);
  }

  // False once it is to end.
  bool handle(const protocol::Request& request) {
    if (std::holds_alternative<protocol::Hello>(request)) {
      hello();
    } else if (const auto* load = std::get_if<protocol::Load>(&request)) {
      handle_load(*load);
    } else if (const auto* run = std::get_if<protocol::Run>(&request)) {
      run->warm_up ? warm_up(*run) : measure(*run);
    }
    return !std::holds_alternative<protocol::Quit>(request);
  }

 private:
  void read_script(const std::string& script) {
    const auto at = script.rfind("-at-");
    if (at == std::string::npos) return;
    action_ = script.substr(0, at);
    moment_ = script.substr(at + 4);
    std::from_chars(moment_.data(), moment_.data() + moment_.size(), from_batch_);
  }

  // True where the script's action has answered in place of the worker.
  bool acted(std::string_view moment, int batch = 0) {
    if (moment_ != moment && (from_batch_ == 0 || batch < from_batch_)) return false;
    for (const Action& failure : failures) {
      if (failure.name != action_) continue;
      failure.act();
      return true;
    }
    for (const Action& breach : breaches) {
      if (breach.name != action_) continue;
      breach.act();
      hang();
    }
    return false;
  }

  void hello() {
    if (acted("hello")) return;
    say_reply(protocol::HelloReply{
        .worker = "fake", .version = "1", .devices = {"cpu"}, .precisions = {"fp32"}});
  }

  void handle_load(const protocol::Load& load) {
    const auto options = nlohmann::json::parse(load.options_json);
    fixed_ = std::chrono::duration<double>(options.value("fixed_seconds", 1e-3));
    item_ = std::chrono::duration<double>(options.value("item_seconds", 1e-5));
    if (action_.empty()) {
      read_script(options.value("script", std::filesystem::path(load.model).stem().string()));
    }
    if (acted("load")) return;
    protocol::Loaded loaded;
    loaded.inputs = {{.name = "x", .shape = {std::nullopt, 1, 8, 8}, .type = "float32"}};
    loaded.seconds = 0.001;
    say_reply(loaded);
  }

  void run_batch(int batch) const { std::this_thread::sleep_for(fixed_ + batch * item_); }

  void warm_up(const protocol::Run& run) {
    if (acted("warm_up", run.batch)) return;
    run_batch(run.batch);
    say_reply(protocol::Finished{.memory_bytes = 1e6 * run.batch});
  }

  void measure(const protocol::Run& run) {
    if (acted("run", run.batch)) return;
    run_started = last_end = Clock::now();
    say_reply(protocol::Started{nanoseconds_of(run_started)});
    if (acted("start")) return;
    double seconds = 0.0;
    for (std::int64_t batches = 0; batches < run.min_batches || seconds < run.min_seconds;) {
      if (run.max_seconds > 0.0 && seconds >= run.max_seconds) break;
      run_batch(run.batch);
      last_end = Clock::now();
      seconds = std::chrono::duration<double>(last_end - run_started).count();
      say_batches(1, nanoseconds_of(last_end));
      if (++batches == 1 && acted("batch")) return;
      if (stopped()) break;
    }
    say_reply(protocol::Finished{.memory_bytes = 1e6 * run.batch});
  }

  // Nothing but `stop` is sent during a run; it is read and ignored afterwards.
  static bool stopped() {
    pollfd waiting{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
    return ::poll(&waiting, 1, 0) > 0;
  }

  std::string action_;
  std::string moment_;
  int from_batch_ = 0;  // 0: the moment is a word
  std::chrono::duration<double> fixed_{};
  std::chrono::duration<double> item_{};
};

}  // namespace

int main() {
  FakeWorker worker;
  std::string line;
  while (std::getline(std::cin, line)) {
    if (!worker.handle(protocol::parse_request(line))) return 0;
  }
  return 0;
}
