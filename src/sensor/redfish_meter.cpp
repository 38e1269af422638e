#include "sensor/redfish_meter.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "base/clock.h"
#include "base/http_get.h"
#include "sensor/external_meter.h"
#include "sensor/http_meter.h"
#include "sensor/redfish_resource.h"

namespace wattfor {
namespace {

using nlohmann::json;

// Controllers take some 0.1 to 1 s for an answer, and renew a reading about once a second.
constexpr Seconds controller_asked_every{1.0};
// One standard deviation. An estimate: controllers state none.
constexpr double controller_gain_uncertainty = 0.03;

class RedfishController {
 public:
  explicit RedfishController(const RedfishAccess& access)
      : has_password_(!access.user.empty()), http_(options(access)) {}

  std::variant<json, MeterFailure> get(const std::string& at, Seconds longest) {
    auto got = get_json(http_, at, std::chrono::ceil<std::chrono::milliseconds>(longest));
    if (auto* failure = std::get_if<MeterFailure>(&got)) {
      if (failure->failure.kind == FailureKind::forbidden) {
        failure->remedy =
            fmt::format("{} WATTFOR_REDFISH_USER and WATTFOR_REDFISH_PASSWORD in the environment",
                        has_password_ ? "check" : "set");
      } else if (failure->remedy.empty()) {
        failure->remedy =
            "install the controller's certificate on this machine, or set "
            "WATTFOR_REDFISH_INSECURE=1 where you trust the network between";
      }
    }
    return got;
  }

 private:
  static HttpOptions options(const RedfishAccess& access) {
    HttpOptions options{.any_certificate = access.insecure};
    if (!access.user.empty()) {
      options.credentials = HttpCredentials{.user = access.user, .password = access.password};
    }
    return options;
  }

  bool has_password_;
  HttpGet http_;
};

class RedfishSource final : public MeterSource {
 public:
  RedfishSource(std::unique_ptr<RedfishController> controller, const RedfishResource& resource)
      : controller_(std::move(controller)), address_(resource.address), first_(resource.answer) {}

  MeterReply ask() override {
    if (const auto first = std::exchange(first_, std::nullopt)) return *first;
    auto resource = controller_->get(address_, HttpOptions{}.longest);
    if (const auto* failure = std::get_if<MeterFailure>(&resource)) return *failure;
    return redfish_answer(address_, std::get<json>(resource));
  }

 private:
  std::unique_ptr<RedfishController> controller_;
  std::string address_;
  std::optional<MeterAnswer> first_;  // what it told when it was found
};

}  // namespace

ProbeResult find_redfish_meter(const std::string& address, const RedfishAccess& access) {
  const MeterFacts facts{.id = "redfish:" + address,
                         .name = "management controller " + address,
                         .source = address,
                         .shortest_pause = controller_asked_every,
                         .pause_if_refused = pause_after_refusal,
                         .update_period = controller_asked_every,
                         .averaging_window = std::nullopt,
                         .gain_uncertainty = controller_gain_uncertainty};
  ProbeResult result;
  const bool in_the_clear = address.starts_with("http:") && !access.user.empty();
  if (in_the_clear && !access.insecure) {
    result.obstacles.push_back(silent_meter(
        facts.id, {{FailureKind::forbidden,
                    address + ": over http the password would be everybody's to read"},
                   "use https://, or set WATTFOR_REDFISH_INSECURE=1 where you trust the network "
                   "between"}));
    return result;
  }
  auto controller = std::make_unique<RedfishController>(access);
  RedfishFinding finding = find_redfish_resource(
      address, [&](const std::string& at, Seconds longest) { return controller->get(at, longest); },
      SystemClock());
  if (auto* failure = std::get_if<MeterFailure>(&finding.found)) {
    result.obstacles.push_back(silent_meter(facts.id, std::move(*failure)));
    return result;
  }
  result = find_external_meter(std::make_unique<RedfishSource>(
                                   std::move(controller), std::get<RedfishResource>(finding.found)),
                               facts);
  for (MeterFailure& skipped : finding.skipped) {
    result.obstacles.push_back({.what = facts.id,
                                .reason = std::move(skipped.failure.reason),
                                .remedy = std::move(skipped.remedy)});
  }
  return result;
}

}  // namespace wattfor
