#include "server/explorer_server.h"

#include <fmt/format.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>

#include "base/secret.h"
#include "report/top_view.h"
#include "server/guards.h"
#include "server/live_power.h"
#include "server/service.h"
#include "server/store_watch.h"

namespace wattfor {
namespace {

constexpr const char* loopback = "127.0.0.1";
constexpr std::chrono::seconds between_looks{1};

// What stands in an address for "all of this machine's": a browser can't go there.
std::string reachable_host(const std::string& address) {
  if (address == "0.0.0.0" || address == "::") return loopback;
  return address.find(':') == std::string::npos ? address : fmt::format("[{}]", address);
}

}  // namespace

class ExplorerServer::Impl {
 public:
  explicit Impl(const ServeSettings& settings)
      : host_(settings.listen_address.value_or(loopback)),
        http_(host_, settings.port, settings.limits),
        policy_{.port = http_.port()},
        watch_(settings.store),
        power_(settings.roots,
               [this](const std::optional<TopView>& view) {
                 http_.post([this, view] { service_.tell_power(view); });
               }),
        service_(with_token(settings.listen_address.has_value()), settings.roots,
                 [this](Seconds duration) { power_.want_for(duration); }) {
    watch_.look();
    service_.set_state(watch_.state());
    service_.set_running(watch_.running());
    problem_ = watch_.state().problem;
  }

  std::string address() const {
    const std::string base = fmt::format("http://{}:{}/", reachable_host(host_), policy_.port);
    return policy_.token ? fmt::format("{}?token={}", base, *policy_.token) : base;
  }
  const GuardPolicy& policy() const { return policy_; }
  const std::string& problem() const { return problem_; }

  void run(int stop_fd, std::function<bool()> is_to_stop) {
    looking_ = std::jthread([this](const std::stop_token& stop) { look_at_store(stop); });
    http_.run([this](const HttpRequest& request) { return service_.reply(request); }, stop_fd,
              std::move(is_to_stop));
  }

 private:
  const GuardPolicy& with_token(bool is_reached_from_elsewhere) {
    if (is_reached_from_elsewhere) policy_.token = random_secret();
    return policy_;
  }

  void look_at_store(const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any never_told;
    while (true) {
      {
        std::unique_lock lock(mutex);
        never_told.wait_for(lock, stop, between_looks, [] { return false; });
      }
      if (stop.stop_requested()) return;
      const StoreWatch::Change change = watch_.look();
      if (change.state) {
        http_.post([this, state = watch_.state()] { service_.set_state(state); });
      }
      if (change.running) {
        http_.post([this, running = watch_.running()] { service_.set_running(running); });
      }
    }
  }

  std::string host_;
  HttpServer http_;
  GuardPolicy policy_;
  StoreWatch watch_;  // the looking thread's, once that runs
  LivePower power_;
  Service service_;  // the transport's thread's, once that runs
  std::string problem_;
  std::jthread looking_;  // run() does not wait for it; ends before what it uses
};

ExplorerServer::ExplorerServer(const ServeSettings& settings)
    : impl_(std::make_unique<Impl>(settings)) {}
ExplorerServer::~ExplorerServer() = default;

std::string ExplorerServer::address() const { return impl_->address(); }
std::uint16_t ExplorerServer::port() const { return impl_->policy().port; }
const std::optional<std::string>& ExplorerServer::token() const { return impl_->policy().token; }
std::string ExplorerServer::problem() const { return impl_->problem(); }

void ExplorerServer::run(int stop_fd, std::function<bool()> is_to_stop) {
  impl_->run(stop_fd, std::move(is_to_stop));
}

}  // namespace wattfor
