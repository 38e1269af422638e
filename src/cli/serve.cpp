#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/log.h"
#include "base/subprocess.h"
#include "cli/signals.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "document/text_table.h"
#include "measurement/json.h"
#include "meter/machine.h"
#include "sensor/discovery.h"
#include "sensor/meter_spec.h"
#include "sensor/meters.h"
#include "server/explorer_server.h"
#include "store/store.h"

namespace wattfor::cli {
namespace {

void print_address(const ExplorerServer& server, bool as_json) {
  if (as_json) {
    const auto& token = server.token();
    fmt::print("{}\n", dump({{"address", server.address()},
                             {"port", server.port()},
                             {"token", token ? nlohmann::json(*token) : nlohmann::json(nullptr)}}));
  } else {
    fmt::print("{}\n", server.address());
  }
  std::fflush(stdout);  // whoever reads a pipe waits for this line, and no other comes
}

// A machine without a desktop has the address all the same.
std::optional<Subprocess> opened_browser(const std::string& address) {
  try {
    return Subprocess({"xdg-open", address}, Streams::inherited);
  } catch (const Error& error) {
    log(LogLevel::warning,
        fmt::format("no browser was opened: {}; open the address by hand", error.what()));
    return std::nullopt;
  }
}

}  // namespace

int run_verb(const ServeOptions& options) {
  std::signal(SIGPIPE, SIG_IGN);  // a browser that goes must not end the others' server
  if (options.open && options.listen) {
    throw Error(ErrorCode::usage,
                "--open would show the token to everybody who lists this machine's processes: open "
                "the address that --listen prints by hand");
  }
  const std::filesystem::path store = store_path(options.db);
  const DiscoveryRoots roots = roots_from_environment(meter_specs(options.meters));
  refuse_silent_meters(find_meters(roots.meters, roots.redfish).obstacles);
  SignalQueue signals;  // not before: a signal ends the wait for a meter
  ExplorerServer server({.store = store,
                         .port = static_cast<std::uint16_t>(options.port),
                         .listen_address = options.listen,
                         .roots = roots});
  if (const std::string problem = server.problem(); !problem.empty()) {
    log(LogLevel::warning, problem);
  }
  print_address(server, options.json);
  std::optional<Subprocess> browser;
  if (options.open) browser = opened_browser(server.address());
  int ended_by = 0;
  server.run(signals.fd(), [&] {
    while (const auto signal = signals.wait(std::chrono::milliseconds(0))) {
      if (signal->number == SIGCHLD) {
        if (browser) browser->wait_for(std::chrono::milliseconds(0));  // leaves no zombie
      } else {
        ended_by = signal->number;
      }
    }
    return ended_by != 0;
  });
  // To be told to end is how a server ends.
  if (ended_by != SIGINT && ended_by != SIGTERM && ended_by != SIGHUP) die_by(ended_by);
  // Nothing is being written: an analysis that is under way, or a driver that does not answer, is
  // not waited for.
  std::fflush(nullptr);
  std::_Exit(0);
}

}  // namespace wattfor::cli
