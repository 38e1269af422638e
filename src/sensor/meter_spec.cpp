#include "sensor/meter_spec.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/error.h"

namespace wattfor {
namespace {

constexpr std::string_view meter_forms =
    "expected csv:FILE, redfish:URL, ipmi, or shelly:URL, e.g. csv:watts.csv, "
    "redfish:https://bmc.example, shelly:http://192.168.1.20";

constexpr std::string_view scheme_end = "://";

// What is wrong with an address; empty where nothing is. Does not repeat it: it may hold a
// password.
std::string_view address_fault(std::string_view address) {
  if (!address.starts_with("http://") && !address.starts_with("https://")) {
    return "the address does not begin with http:// or https://";
  }
  const std::string_view origin = origin_of(address);
  if (address.find('@') != std::string_view::npos) {
    return "an address holds no user and no password, as the command line is everybody's to read: "
           "set WATTFOR_REDFISH_USER and WATTFOR_REDFISH_PASSWORD";
  }
  if (origin.ends_with(scheme_end)) return "the address names no host";
  const bool odd = std::ranges::any_of(
      address, [](unsigned char letter) { return letter <= ' ' || letter >= 0x7f; });
  return odd ? "the address has blanks or letters that are not ASCII" : "";
}

MeterSpec at_address(MeterKind kind, std::string_view address) {
  if (const std::string_view fault = address_fault(address); !fault.empty()) {
    throw Error(ErrorCode::usage, fmt::format("--meter: {}; {}", fault, meter_forms));
  }
  while (address.ends_with('/') && address.size() == origin_of(address).size() + 1) {
    address.remove_suffix(1);
  }
  return {.kind = kind, .place = std::string(address)};
}

MeterSpec meter_spec(std::string_view word) {
  const auto colon = std::min(word.find(':'), word.size());
  const std::string_view kind = word.substr(0, colon);
  const std::string_view place = word.substr(std::min(colon + 1, word.size()));
  if (word == "ipmi") return {.kind = MeterKind::ipmi, .place = ""};
  if (kind == "csv" && !place.empty()) {
    return {.kind = MeterKind::csv,
            .place = std::filesystem::absolute(place).lexically_normal().string()};
  }
  if (kind == "redfish" && !place.empty()) return at_address(MeterKind::redfish, place);
  if (kind == "shelly" && !place.empty()) return at_address(MeterKind::shelly, place);
  // Without what follows the colon, which may be an address with a password.
  throw Error(ErrorCode::usage,
              fmt::format("--meter: '{}{}' is no meter; {}", kind,
                          colon == word.size() ? "" : (place.empty() ? ":" : ":…"), meter_forms));
}

}  // namespace

std::string_view origin_of(std::string_view address) {
  const auto host = address.find(scheme_end) + scheme_end.size();
  return address.substr(0, address.find_first_of("/?#", host));
}

std::string MeterSpec::name() const {
  switch (kind) {
    case MeterKind::csv:
      return "csv:" + place;
    case MeterKind::redfish:
      return "redfish:" + place;
    case MeterKind::ipmi:
      return "ipmi";
    case MeterKind::shelly:
      break;
  }
  return "shelly:" + place;
}

std::vector<MeterSpec> meter_specs(const std::vector<std::string>& words) {
  std::vector<MeterSpec> specs;
  for (const std::string& word : words) {
    MeterSpec spec = meter_spec(word);
    if (std::ranges::find(specs, spec) != specs.end()) {
      throw Error(ErrorCode::usage, fmt::format("--meter {} is given twice", spec.name()));
    }
    specs.push_back(std::move(spec));
  }
  return specs;
}

}  // namespace wattfor
