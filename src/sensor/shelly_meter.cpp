#include "sensor/shelly_meter.h"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <utility>

#include "base/http_get.h"
#include "sensor/http_meter.h"
#include "sensor/meter_spec.h"

namespace wattfor {
namespace {

using nlohmann::json;

// The plugs renew a reading about once a second. That their counter moves as often is not stated;
// where it does not, the gauge stands in.
constexpr Seconds plug_asked_every{1.0};
// One standard deviation. An estimate: data sheets speak of 1 % at a full load of kilowatts.
constexpr double plug_gain_uncertainty = 0.02;

constexpr double joules_per_watt_hour = 3600.0;

class ShellySource final : public MeterSource {
 public:
  explicit ShellySource(std::string address) : address_(std::move(address)), http_(HttpOptions{}) {
    if (address_ != origin_of(address_)) status_ = address_;
  }

  MeterReply ask() override {
    if (!status_.empty()) return read(status_);
    // What the first generation has is nothing to the second, and the other way round.
    const std::string second = address_ + "/rpc/Switch.GetStatus?id=0";
    MeterReply reply = read(second);
    if (std::holds_alternative<MeterAnswer>(reply)) status_ = second;
    if (!is_of_another_kind(reply)) return reply;
    const std::string first = address_ + "/meter/0";
    MeterReply older = read(first);
    if (std::holds_alternative<MeterAnswer>(older)) status_ = first;
    if (!is_of_another_kind(older)) return older;
    return MeterFailure{
        {FailureKind::broken, fmt::format("{}; {}", std::get<MeterFailure>(reply).failure.reason,
                                          std::get<MeterFailure>(older).failure.reason)},
        fmt::format("name a status of the plug, e.g. shelly:{}/rpc/PM1.GetStatus?id=0", address_)};
  }

 private:
  static bool is_of_another_kind(const MeterReply& reply) {
    const auto* failure = std::get_if<MeterFailure>(&reply);
    return failure != nullptr && failure->failure.kind == FailureKind::broken;
  }

  MeterReply read(const std::string& at) {
    auto got = get_json(http_, at);
    if (auto* failure = std::get_if<MeterFailure>(&got)) {
      if (failure->failure.kind == FailureKind::forbidden) {
        failure->remedy =
            "switch the password of the plug's local interface off, or log its "
            "readings into a file and use csv:FILE";
      } else if (failure->remedy.empty()) {
        failure->remedy = "use http://";
      }
      return *failure;
    }
    return shelly_answer(at, std::get<json>(got));
  }

  std::string address_;
  std::string status_;  // the address that is read, once it is known
  HttpGet http_;
};

}  // namespace

std::variant<MeterAnswer, MeterFailure> shelly_answer(const std::string& address,
                                                      const json& status) {
  if (status.contains("apower")) {
    const auto watts = quantity_at(status, "/apower");
    if (!watts) return unexpected_answer(address, "expected watts at /apower");
    MeterAnswer answer{.power = Watts(*watts), .energy = std::nullopt};
    if (const auto watt_hours = quantity_at(status, "/aenergy/total")) {
      answer.energy = Joules(joules_per_watt_hour * *watt_hours);
    }
    return answer;
  }
  const bool is_whole = status.contains("meters");
  const auto watts = quantity_at(status, is_whole ? "/meters/0/power" : "/power");
  if (!watts) {
    return unexpected_answer(address, "expected watts at /apower, /power or /meters/0/power");
  }
  const json::json_pointer validity(is_whole ? "/meters/0/is_valid" : "/is_valid");
  if (status.contains(validity) && status.at(validity) == false) {
    return unexpected_answer(address, "the plug says that its reading is not valid");
  }
  return MeterAnswer{.power = Watts(*watts), .energy = std::nullopt};
}

ProbeResult find_shelly_meter(const std::string& address) {
  const MeterFacts facts{.id = "shelly:" + address,
                         .name = "Shelly plug " + address,
                         .source = address,
                         .shortest_pause = plug_asked_every,
                         .pause_if_refused = pause_after_refusal,
                         .update_period = plug_asked_every,
                         .averaging_window = std::nullopt,
                         .energy_unit = "Wh",
                         .gain_uncertainty = plug_gain_uncertainty};
  return find_external_meter(std::make_unique<ShellySource>(address), facts);
}

}  // namespace wattfor
