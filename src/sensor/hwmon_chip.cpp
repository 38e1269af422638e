#include "sensor/hwmon_chip.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <system_error>
#include <tuple>
#include <utility>

#include "base/file.h"
#include "sensor/kernel_text.h"

namespace wattfor {

namespace {

namespace fs = std::filesystem;

// More channels than any chip has: what lies above is no number of one.
constexpr int highest_channel = 9999;

// The folder of the device itself; empty where the entry has none (a driver without hardware) or
// the link leads nowhere (a container).
fs::path real_device(const HwmonChip& chip) {
  std::error_code dangling;
  if (!fs::is_symlink(chip.device(), dangling)) return {};
  return fs::canonical(chip.device(), dangling);
}

// The kernel shows the attributes of each power supply a second time as an hwmon entry
// (drivers/power/supply/power_supply_hwmon.c), without its status: a battery that is charged would
// look like one that is drawn from.
bool repeats_a_power_supply(const fs::path& device) {
  return device.parent_path().filename() == "power_supply";
}

// Chips of one driver on one device can't be told apart by the two.
void tell_apart(std::vector<HwmonChip>& chips) {
  std::map<std::pair<std::string, std::string>, int> count;
  for (const HwmonChip& chip : chips) ++count[{chip.name, chip.address}];
  for (HwmonChip& chip : chips) {
    if (count[{chip.name, chip.address}] > 1) chip.address = chip.folder.filename().string();
  }
}

// "power12_average" is of the channel power12.
std::optional<HwmonChannel> channel_of(std::string_view attribute) {
  HwmonChannel channel;
  if (attribute.starts_with("energy")) {
    channel.kind = HwmonChannel::Kind::energy;
    attribute.remove_prefix(std::string_view("energy").size());
  } else if (attribute.starts_with("power")) {
    attribute.remove_prefix(std::string_view("power").size());
  } else {
    return std::nullopt;
  }
  const auto [end, error] =
      std::from_chars(attribute.data(), attribute.data() + attribute.size(), channel.number);
  if (error != std::errc() || channel.number < 0 || channel.number > highest_channel) {
    return std::nullopt;
  }
  attribute.remove_prefix(static_cast<std::size_t>(end - attribute.data()));
  channel.averages = channel.kind == HwmonChannel::Kind::power && attribute == "_average";
  if (!channel.averages && attribute != "_input") return std::nullopt;
  return channel;
}

}  // namespace

fs::path HwmonChip::attribute(std::string_view attribute_name) const {
  std::error_code ignored;
  const fs::path older = device() / attribute_name;
  return !fs::exists(folder / attribute_name, ignored) && fs::exists(older, ignored)
             ? older
             : folder / attribute_name;
}

std::string HwmonChip::text(std::string_view attribute_name) const {
  return read_attribute(attribute(attribute_name)).value_or("");
}

std::optional<double> HwmonChip::number(std::string_view attribute_name) const {
  const auto number = whole_number(text(attribute_name));
  return number ? std::optional(static_cast<double>(*number)) : std::nullopt;
}

std::vector<HwmonChip> hwmon_chips(const fs::path& sysfs_root) {
  std::vector<HwmonChip> chips;
  for (const fs::path& entry : entries_of(sysfs_root / "class/hwmon")) {
    HwmonChip chip{.name = "", .address = entry.filename().string(), .folder = entry};
    chip.name = chip.text("name");
    const fs::path device = real_device(chip);
    if (chip.name.empty() || repeats_a_power_supply(device)) continue;
    if (!device.empty()) chip.address = device.filename().string();
    chips.push_back(std::move(chip));
  }
  tell_apart(chips);
  std::ranges::sort(chips, {}, [](const HwmonChip& chip) {
    return std::tie(chip.name, chip.address, chip.folder);
  });
  return chips;
}

std::string HwmonChannel::name() const {
  return fmt::format("{}{}", kind == Kind::energy ? "energy" : "power", number);
}

std::string HwmonChannel::value_attribute() const {
  return name() + (averages ? "_average" : "_input");
}

std::vector<HwmonChannel> hwmon_channels(const HwmonChip& chip) {
  std::map<std::pair<HwmonChannel::Kind, int>, HwmonChannel> channels;
  for (const fs::path& folder : {chip.folder, chip.device()}) {
    for (const fs::path& attribute : entries_of(folder)) {
      const auto channel = channel_of(attribute.filename().string());
      if (!channel) continue;
      // A mean misses nothing of what a look now and then does not see.
      HwmonChannel& kept =
          channels.try_emplace({channel->kind, channel->number}, *channel).first->second;
      kept.averages = kept.averages || channel->averages;
    }
  }
  std::vector<HwmonChannel> list;
  list.reserve(channels.size());
  for (const auto& [key, channel] : channels) list.push_back(channel);
  return list;
}

}  // namespace wattfor
