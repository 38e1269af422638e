#include "sensor/redfish_meter.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/http_get.h"
#include "sensor/http_meter.h"
#include "sensor/meter_spec.h"

namespace wattfor {
namespace {

using nlohmann::json;

// Controllers take some 0.1 to 1 s for an answer, and renew a reading about once a second.
constexpr Seconds controller_asked_every{1.0};
// One standard deviation. An estimate: controllers state none.
constexpr double controller_gain_uncertainty = 0.03;

// A server with eight GPUs has some twenty chassis: boards, modules, fans.
constexpr std::size_t most_chassis = 64;

bool tells_power(const json& resource) {
  return resource.contains("PowerControl") || resource.contains("PowerWatts") ||
         resource.contains("EnergyJoules");
}

// The path that a link leads to. One of another form than "/redfish/…" is none: behind an origin it
// could name another host.
std::optional<std::string> path_of(const json& link) {
  constexpr const char* key = "@odata.id";
  if (!link.is_object() || !link.contains(key) || !link.at(key).is_string()) return std::nullopt;
  auto path = link.at(key).get<std::string>();
  const bool is_path = path.starts_with('/') && std::ranges::all_of(path, [](char letter) {
                         return letter > ' ' && letter < 0x7f;
                       });
  return is_path ? std::optional(std::move(path)) : std::nullopt;
}

class RedfishSource final : public MeterSource {
 public:
  RedfishSource(std::string address, const RedfishAccess& access)
      : address_(std::move(address)), has_password_(!access.user.empty()), http_(options(access)) {}

  MeterReply ask() override {
    if (resource_.empty()) return find_resource();
    auto resource = get(resource_);
    if (const auto* failure = std::get_if<MeterFailure>(&resource)) return *failure;
    return redfish_answer(resource_, std::get<json>(resource));
  }

 private:
  struct Telling {
    std::string address;
    MeterAnswer answer;
  };

  static HttpOptions options(const RedfishAccess& access) {
    HttpOptions options{.any_certificate = access.insecure};
    if (!access.user.empty()) {
      options.credentials = HttpCredentials{.user = access.user, .password = access.password};
    }
    return options;
  }

  MeterReply find_resource() {
    const std::string origin(origin_of(address_));
    std::vector<Telling> telling;
    const auto stop = look(address_ == origin ? origin + "/redfish/v1/Chassis" : address_, telling);
    if (stop) return *stop;
    if (telling.empty()) {
      return unexpected_answer(address_, "no chassis there tells its power");
    }
    if (telling.size() > 1) {
      std::vector<std::string> addresses;
      addresses.reserve(telling.size());
      for (const Telling& each : telling) addresses.push_back("redfish:" + each.address);
      return MeterFailure{{FailureKind::broken,
                           fmt::format("{}: {} chassis tell a power, and none says that it is the "
                                       "whole machine",
                                       address_, telling.size())},
                          fmt::format("name one of them: {}", fmt::join(addresses, ", "))};
    }
    resource_ = telling.front().address;
    return telling.front().answer;
  }

  // Goes through a resource, and what it leads to where it is a collection or a chassis. What
  // stands in the way of all further questions is answered.
  std::optional<MeterFailure> look(const std::string& at, std::vector<Telling>& telling) {
    auto resource = get(at);
    if (auto* failure = std::get_if<MeterFailure>(&resource)) return std::move(*failure);
    const json& found = std::get<json>(resource);
    if (tells_power(found)) {
      auto answer = redfish_answer(at, found);
      if (auto* failure = std::get_if<MeterFailure>(&answer)) return std::move(*failure);
      telling.push_back({.address = at, .answer = std::get<MeterAnswer>(answer)});
      return std::nullopt;
    }
    if (!found.contains("Members") || !found.at("Members").is_array()) {
      return look_at_chassis(found, telling);
    }
    const json& members = found.at("Members");
    for (std::size_t i = 0; i < std::min(members.size(), most_chassis); ++i) {
      const auto path = path_of(members[i]);
      if (!path) continue;
      auto chassis = get(std::string(origin_of(address_)) + *path);
      if (auto* failure = std::get_if<MeterFailure>(&chassis)) return std::move(*failure);
      if (auto stop = look_at_chassis(std::get<json>(chassis), telling)) return stop;
    }
    return std::nullopt;
  }

  // The newer schema first, which may have a counter.
  std::optional<MeterFailure> look_at_chassis(const json& chassis, std::vector<Telling>& telling) {
    for (const char* schema : {"EnvironmentMetrics", "Power"}) {
      if (!chassis.contains(schema)) continue;
      const auto path = path_of(chassis.at(schema));
      if (!path) continue;
      const std::string at = std::string(origin_of(address_)) + *path;
      auto resource = get(at);
      if (auto* failure = std::get_if<MeterFailure>(&resource)) {
        if (failure->failure.kind != FailureKind::broken) return std::move(*failure);
        continue;  // a link that leads nowhere
      }
      const auto answer = redfish_answer(at, std::get<json>(resource));
      if (const auto* told = std::get_if<MeterAnswer>(&answer)) {
        telling.push_back({.address = at, .answer = *told});
        return std::nullopt;
      }
    }
    return std::nullopt;
  }

  std::variant<json, MeterFailure> get(const std::string& at) {
    auto got = get_json(http_, at);
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

  std::string address_;
  std::string resource_;  // that is read, once it is found
  bool has_password_;
  HttpGet http_;
};

}  // namespace

std::variant<MeterAnswer, MeterFailure> redfish_answer(const std::string& address,
                                                       const json& resource) {
  MeterAnswer answer;
  const bool is_power = resource.contains("PowerControl");
  const char* const place = is_power ? "/PowerControl/0/PowerConsumedWatts" : "/PowerWatts/Reading";
  if (const auto watts = quantity_at(resource, place)) answer.power = Watts(*watts);
  if (const auto joules = quantity_at(resource, "/EnergyJoules/Reading")) {
    answer.energy = Joules(*joules);
  }
  if (answer.power == Watts(0.0)) {
    return unexpected_answer(address, "it says 0 W of a server that runs: it does not measure");
  }
  if (!answer.power && !answer.energy) {
    return unexpected_answer(address,
                             fmt::format("expected watts at {}{}", place,
                                         is_power ? "" : ", or joules at /EnergyJoules/Reading"));
  }
  return answer;
}

ProbeResult find_redfish_meter(const std::string& address, const RedfishAccess& access) {
  const MeterFacts facts{.id = "redfish:" + address,
                         .name = "management controller " + address,
                         .source = address,
                         .shortest_pause = controller_asked_every,
                         .pause_after_refusal = Seconds(60.0),
                         .update_period = controller_asked_every,
                         .averaging_window = std::nullopt,
                         .gain_uncertainty = controller_gain_uncertainty};
  const bool in_the_clear = address.starts_with("http:") && !access.user.empty();
  if (in_the_clear && !access.insecure) {
    ProbeResult refused;
    refused.obstacles.push_back(silent_meter(
        facts.id, {{FailureKind::forbidden,
                    address + ": over http the password would be everybody's to read"},
                   "use https://, or set WATTFOR_REDFISH_INSECURE=1 where you trust the network "
                   "between"}));
    return refused;
  }
  return find_external_meter(std::make_unique<RedfishSource>(address, access), facts);
}

}  // namespace wattfor
