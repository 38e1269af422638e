#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "sensor/sensor.h"

namespace wattfor {

// What a driver's documentation says of one kind of channel. In the patterns `#` stands for a
// number.
struct KnownChannel {
  std::string_view driver;   // the chip's name
  std::string_view channel;  // "energy1", "power#"
  // Where it has a number, that is the domain's; empty: whatever it is.
  std::string_view label = {};
  Domain domain = Domain::other;
  std::string_view why_not_in_total = {};  // empty: it is
  std::vector<Domain> contains = {};
  // The channel that holds this one on chips that have that one: then it is a part, `other`.
  std::string_view part_of = {};
  std::optional<Seconds> update_period = {};
  // Its averaging interval says how often it is made anew and over which time it is the mean.
  bool paced_by_interval = false;
  // One standard deviation. An estimate: no maker of these states one.
  double gain_uncertainty = 0.05;
  // Attributes in µW; no mean power lies above the greatest of them.
  std::vector<std::string_view> limits = {};
  bool listed = true;
};

struct ChannelMeaning {
  const KnownChannel* channel = nullptr;  // never null
  int domain_index = 0;
};

// Of a channel that no driver's documentation explains: `other`, never in a total.
ChannelMeaning meaning_of(std::string_view driver, std::string_view channel,
                          std::string_view label);

}  // namespace wattfor
