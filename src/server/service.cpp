#include "server/service.h"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "base/clock.h"
#include "measurement/json.h"
#include "report/metrics_text.h"
#include "server/answers.h"
#include "server/assets.h"
#include "server/live_json.h"
#include "server/request_target.h"
#include "server/routes.h"

namespace wattfor {
namespace {

constexpr std::size_t most_cached_bytes = 16'000'000;
constexpr std::size_t most_streams = 1024;
constexpr Seconds power_after_listening{10.0};
constexpr Seconds power_after_scrape{300.0};  // scrapes are a minute apart, most often

SharedAnswer empty_answer(int status, std::string content_type) {
  ServedAnswer answer;
  answer.status = status;
  answer.content_type = std::move(content_type);
  return std::make_shared<const ServedAnswer>(std::move(answer));
}

SharedAnswer to_the_start(std::string cookie) {
  ServedAnswer answer;
  answer.status = 303;
  answer.headers = {{"Location", "/"}, {"Set-Cookie", std::move(cookie)}};
  return std::make_shared<const ServedAnswer>(std::move(answer));
}

}  // namespace

Service::Service(GuardPolicy policy, DiscoveryRoots roots, std::function<void(Seconds)> want_power,
                 std::shared_ptr<const Clock> clock)
    : policy_(std::move(policy)),
      roots_(std::move(roots)),
      want_power_(std::move(want_power)),
      clock_(std::move(clock)),
      cache_(most_cached_bytes),
      broadcaster_(most_streams) {}

HttpReply Service::reply(const HttpRequest& request) {
  const auto parsed = parse_target(request.target);
  if (const auto* bad = std::get_if<BadTarget>(&parsed)) return refusal_answer(400, bad->reason);
  const auto& target = std::get<RequestTarget>(parsed);
  const Verdict verdict = judge_request(policy_, request, target);
  if (verdict.status != 200) return refusal_answer(verdict.status, verdict.message);
  if (verdict.takes_cookie) return to_the_start(token_cookie(policy_));
  return reply_to_path(request, target);
}

HttpReply Service::reply_to_path(const HttpRequest& request, const RequestTarget& target) {
  if (target.path == "/metrics") return metrics();
  if (target.path == "/api/v1/events") return open_events(request);
  if (auto asset = asset_at(target.path)) return asset;
  return reply_of_route(target);
}

HttpReply Service::reply_of_route(const RequestTarget& target) {
  const auto found = find_route(target.path);
  if (!found) {
    return refusal_answer(404, fmt::format("there is nothing at {}; /api/v1/openapi.json describes "
                                           "what there is",
                                           target.path));
  }
  const Route& route = *found->route;
  const bool is_of_store = route.source == RouteSource::store;
  std::string key = target.path;
  if (route.takes_query) key += '?' + query_text(target.query);
  if (auto known = is_of_store ? cache_.find(key) : known_of_machine(key)) return known;
  RouteInput input{.state = state_, .roots = roots_, .name = found->name, .query = target.query};
  return HttpJob{
      .key = is_of_store ? fmt::format("{} {}", state_number_, key) : key,
      .lane = route.lane,
      .work = [&route, input = std::move(input)] { return answer_of_route(route, input); },
      .done =
          [this, key, is_of_store, number = state_number_](const SharedAnswer& answer) {
            if (!is_of_store) return keep_of_machine(key, answer);
            if (number == state_number_) cache_.keep(key, answer);
          }};
}

// Null where there is none, or where it is to be made anew.
SharedAnswer Service::known_of_machine(const std::string& key) const {
  const auto found = of_machine_.find(key);
  if (found == of_machine_.end() || clock_->now() >= found->second.until) return nullptr;
  return found->second.answer;
}

void Service::keep_of_machine(const std::string& key, const SharedAnswer& answer) {
  of_machine_.insert_or_assign(
      key, OfMachine{.answer = answer, .until = clock_->now() + ticks(answer->kept_for)});
}

// The first scrape after a while finds no power yet: it is what has the meter started.
SharedAnswer Service::metrics() {
  want_power_(power_after_scrape);
  ServedAnswer answer;
  answer.content_type = "text/plain; version=0.0.4; charset=utf-8";
  answer.body = SharedBytes(metrics_text(power_, running_, state_.content->models()));
  return std::make_shared<const ServedAnswer>(std::move(answer));
}

HttpReply Service::open_events(const HttpRequest& request) {
  if (request.method == HttpMethod::head) return empty_answer(200, "text/event-stream");
  auto reader = broadcaster_.add_reader();
  if (reader == nullptr) {
    return refusal_answer(503, fmt::format("{} streams of events are open already", most_streams));
  }
  reader->push(std::make_shared<const std::string>(event_text("store", state_event())));
  reader->push(
      std::make_shared<const std::string>(event_text("running", dump(running_json(running_)))));
  want_power_(power_after_listening);
  return reader;
}

std::string Service::state_event() const {
  return dump({{"version", state_.content->version()},
               {"problem", state_.problem.empty() ? nlohmann::json(nullptr)
                                                  : nlohmann::json(state_.problem)}});
}

void Service::set_state(StoreState state) {
  const bool is_same_content = state.content == state_.content;
  state_ = std::move(state);
  ++state_number_;
  if (is_same_content) {
    for (const Route& route : api_routes()) {
      if (route.tells_problem) cache_.drop(std::string(route.path));
    }
  } else {
    cache_.clear();
  }
  broadcaster_.send("store", state_event());
}

void Service::set_running(std::vector<Measurement> running) {
  running_ = std::move(running);
  broadcaster_.send("running", dump(running_json(running_)));
}

void Service::tell_power(std::optional<TopView> view) {
  power_ = std::move(view);
  if (!power_ || broadcaster_.readers() == 0) return;
  broadcaster_.send("power", dump(power_json(*power_, utc_now())));
  want_power_(power_after_listening);
}

}  // namespace wattfor
