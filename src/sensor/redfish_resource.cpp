#include "sensor/redfish_resource.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "sensor/http_meter.h"
#include "sensor/meter_spec.h"

namespace wattfor {
namespace {

using nlohmann::json;

// More than any server has.
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

class RedfishSearch {
 public:
  RedfishSearch(const std::string& address, const RedfishGet& get, const Clock& clock)
      : address_(address),
        origin_(origin_of(address)),
        get_(get),
        clock_(clock),
        end_(clock.now() + ticks(redfish_patience)) {}

  RedfishFinding find() && {
    look(address_ == origin_ ? origin_ + "/redfish/v1/Chassis" : address_);
    auto found = outcome();
    return {.found = std::move(found), .skipped = std::move(skipped_)};
  }

 private:
  // Goes through a resource, and what it leads to where it is a collection or a chassis.
  void look(const std::string& at) {
    auto resource = get(at);
    if (auto* failure = std::get_if<MeterFailure>(&resource)) return stop(std::move(*failure));
    const json& found = std::get<json>(resource);
    if (tells_power(found)) {
      auto answer = redfish_answer(at, found);
      if (auto* failure = std::get_if<MeterFailure>(&answer)) return stop(std::move(*failure));
      telling_.push_back({.address = at, .answer = std::get<MeterAnswer>(answer)});
      return;
    }
    if (!found.contains("Members") || !found.at("Members").is_array()) {
      return look_at_chassis(found);
    }
    const json& members = found.at("Members");
    for (std::size_t i = 0; i < std::min(members.size(), most_chassis) && !stopped_by_; ++i) {
      const auto path = path_of(members[i]);
      if (!path) continue;
      auto chassis = get(origin_ + *path);
      if (auto* failure = std::get_if<MeterFailure>(&chassis)) {
        skip(std::move(*failure));
      } else {
        look_at_chassis(std::get<json>(chassis));
      }
    }
  }

  // The newer schema first, which may have a counter.
  void look_at_chassis(const json& chassis) {
    std::optional<MeterFailure> failed;
    for (const char* schema : {"EnvironmentMetrics", "Power"}) {
      if (!chassis.contains(schema)) continue;
      const auto path = path_of(chassis.at(schema));
      if (!path) continue;
      const std::string at = origin_ + *path;
      auto resource = get(at);
      if (auto* failure = std::get_if<MeterFailure>(&resource)) {
        if (failure->failure.kind == FailureKind::forbidden) return stop(std::move(*failure));
        // A link that leads nowhere says nothing of the chassis.
        if (failure->failure.kind != FailureKind::broken) failed = std::move(*failure);
        continue;
      }
      const auto answer = redfish_answer(at, std::get<json>(resource));
      if (const auto* told = std::get_if<MeterAnswer>(&answer)) {
        telling_.push_back({.address = at, .answer = *told});
        return;
      }
    }
    if (failed) skip(std::move(*failed));
  }

  std::variant<json, MeterFailure> get(const std::string& at) {
    const Seconds left = end_ - clock_.now();
    if (left <= Seconds(0.0)) return out_of_time();
    auto got = get_(at, left);
    // A question that was cut short by the end is no fault of the chassis.
    if (std::holds_alternative<MeterFailure>(got) && clock_.now() >= end_) return out_of_time();
    return got;
  }

  MeterFailure out_of_time() {
    stopped_by_ = MeterFailure{
        {FailureKind::try_again, fmt::format("{}: its chassis were not gone through within {} s{}",
                                             address_, redfish_patience.count(), of_skipped())},
        telling_.empty() ? fmt::format("name the resource that tells its power: redfish:{}"
                                       "/redfish/v1/Chassis/…/Power",
                                       origin_)
                         : name_one()};
    return *stopped_by_;
  }

  void stop(MeterFailure failure) {
    if (!stopped_by_) stopped_by_ = std::move(failure);
  }

  void skip(MeterFailure failure) {
    if (failure.failure.kind == FailureKind::forbidden) return stop(std::move(failure));
    if (!stopped_by_) skipped_.push_back(std::move(failure));
  }

  std::variant<RedfishResource, MeterFailure> outcome() const {
    if (stopped_by_) return *stopped_by_;
    if (telling_.size() == 1) return telling_.front();
    if (telling_.empty()) {
      return unexpected_answer(address_, "no chassis there tells its power" + of_skipped());
    }
    return MeterFailure{{FailureKind::broken,
                         fmt::format("{}: {} chassis tell a power, and none says that it is the "
                                     "whole machine",
                                     address_, telling_.size())},
                        name_one()};
  }

  std::string of_skipped() const {
    if (skipped_.empty()) return "";
    return fmt::format("; {} can't be asked, the first: {}", skipped_.size(),
                       skipped_.front().failure.reason);
  }

  std::string name_one() const {
    std::vector<std::string> addresses;
    addresses.reserve(telling_.size());
    for (const RedfishResource& each : telling_) addresses.push_back("redfish:" + each.address);
    return fmt::format("name one of them: {}", fmt::join(addresses, ", "));
  }

  std::string address_;
  std::string origin_;
  const RedfishGet& get_;
  const Clock& clock_;
  Instant end_;
  std::vector<RedfishResource> telling_;
  std::vector<MeterFailure> skipped_;
  std::optional<MeterFailure> stopped_by_;
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

RedfishFinding find_redfish_resource(const std::string& address, const RedfishGet& get,
                                     const Clock& clock) {
  return RedfishSearch(address, get, clock).find();
}

}  // namespace wattfor
