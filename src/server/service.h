#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "measurement/measurement.h"
#include "report/top_view.h"
#include "sensor/discovery.h"
#include "server/answer_cache.h"
#include "server/event_queue.h"
#include "server/guards.h"
#include "server/http_types.h"
#include "server/store_content.h"

namespace wattfor {

// What the server says: to each request its reply, and to those who listen what has changed. Knows
// no sockets. Belongs to one thread; the jobs that it hands out may be done on others.
class Service {
 public:
  // `want_power` is called where power is shown to somebody for a while from now on.
  Service(GuardPolicy policy, DiscoveryRoots roots, std::function<void(Seconds)> want_power,
          std::shared_ptr<const Clock> clock = std::make_shared<SystemClock>());

  HttpReply reply(const HttpRequest& request);

  // The store has changed: from now on answers are of this state.
  void set_state(StoreState state);
  void set_running(std::vector<Measurement> running);
  // What the meter saw last; nothing once it has stopped.
  void tell_power(std::optional<TopView> view);

 private:
  HttpReply reply_to_path(const HttpRequest& request, const RequestTarget& target);
  HttpReply reply_of_route(const RequestTarget& target);
  SharedAnswer known_of_machine(const std::string& key) const;
  void keep_of_machine(const std::string& key, const SharedAnswer& answer);
  SharedAnswer metrics();
  HttpReply open_events(const HttpRequest& request);
  std::string state_event() const;

  GuardPolicy policy_;
  DiscoveryRoots roots_;
  std::function<void(Seconds)> want_power_;
  std::shared_ptr<const Clock> clock_;
  StoreState state_;
  std::uint64_t state_number_ = 0;
  std::vector<Measurement> running_;
  std::optional<TopView> power_;
  AnswerCache cache_;
  struct OfMachine {
    SharedAnswer answer;
    Instant until;
  };
  std::map<std::string, OfMachine> of_machine_;
  Broadcaster broadcaster_;
};

}  // namespace wattfor
