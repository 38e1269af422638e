#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wattfor {

enum class MeterKind {
  csv,      // a file that another program writes
  redfish,  // a server's management controller over the network
  ipmi,     // this server's own, through a program of the system
  shelly,   // a smart plug
};

// An external meter as its user names it: "csv:watts.csv", "redfish:https://bmc", "ipmi",
// "shelly:http://plug".
struct MeterSpec {
  MeterKind kind = MeterKind::csv;
  std::string place;  // the file's absolute path, the address; empty for ipmi

  std::string name() const;  // as it was written, with the file's absolute path
  bool operator==(const MeterSpec&) const = default;
};

// Throws Error{usage} for what is none, and for one that is named twice; an address with a user or
// a password in it is one, and neither is repeated.
std::vector<MeterSpec> meter_specs(const std::vector<std::string>& words);

// "https://bmc:8443" of "https://bmc:8443/redfish/v1".
std::string_view origin_of(std::string_view address);

}  // namespace wattfor
