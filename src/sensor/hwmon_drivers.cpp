#include "sensor/hwmon_drivers.h"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace wattfor {

namespace {

constexpr std::string_view inside_package = "lies inside the cpu package";
constexpr std::string_view inside_card = "lies inside the card's sensor";

// One standard deviation of the gain. An estimate.
constexpr double unknown_gain_uncertainty = 0.10;

// The first row that fits counts.
const std::vector<KnownChannel>& known_channels() {
  // drivers/gpu/drm/{i915/i915_hwmon.c,xe/xe_hwmon.c}: the sustained limit as it is set, the
  // board's own, and the one at which it throttles at once.
  static const std::vector<std::string_view> card_limits = {"power1_max", "power1_rated_max",
                                                            "power1_crit"};
  static const std::vector<std::string_view> package_limits = {"power2_max", "power2_rated_max",
                                                               "power1_crit"};
  static const std::vector<KnownChannel> rows = {
      // NVIDIA Grace. The labels are those of its performance tuning guide, here as the handbook of
      // Alumet's plugin grace-hopper tells them: the module is everything on it, regulators'
      // losses, GPU and HBM among it; the CPU and SysIO rails lie in the Grace socket, whose rest
      // is its memory (and regulators). The firmware takes the mean over 50 ms or 1 s (github
      // NVIDIA/edk2-nvidia, TH500 ACPI power meters).
      {.driver = "power_meter",
       .channel = "power#",
       .label = "Module Power Socket #",
       .domain = Domain::module,
       .contains = {Domain::cpu_package, Domain::dram, Domain::gpu},
       .paced_by_interval = true},
      {.driver = "power_meter",
       .channel = "power#",
       .label = "Grace Power Socket #",
       .domain = Domain::cpu_package,
       .contains = {Domain::dram},
       .paced_by_interval = true},
      {.driver = "power_meter",
       .channel = "power#",
       .label = "CPU Power Socket #",
       .domain = Domain::cpu_core,
       .why_not_in_total = inside_package,
       .paced_by_interval = true},
      {.driver = "power_meter",
       .channel = "power#",
       .label = "SysIO Power Socket #",
       .domain = Domain::cpu_uncore,
       .why_not_in_total = inside_package,
       .paced_by_interval = true},
      // Any other ACPI power meter, most often a server's supply. Its interval may be minutes, for
      // which no figure is to wait.
      {.driver = "power_meter",
       .channel = "power#",
       .domain = Domain::other,
       .why_not_in_total = "what it measures, often the whole server, is not known to wattfor",
       .gain_uncertainty = unknown_gain_uncertainty},

      // Intel's boards (no integrated GPU has an entry). Documentation/ABI/testing/
      // sysfs-driver-intel-{i915,xe}-hwmon: energy1 is the card's, i915_gtN's that of one of its
      // tiles, xe's energy2 that of the package on it, which is all that some boards have. The
      // drivers widen the 32-bit registers to 64 bits.
      {.driver = "i915", .channel = "energy1", .domain = Domain::gpu, .limits = card_limits},
      {.driver = "i915_gt#",
       .channel = "energy1",
       .domain = Domain::other,
       .why_not_in_total = inside_card},
      {.driver = "xe", .channel = "energy1", .domain = Domain::gpu, .limits = card_limits},
      {.driver = "xe",
       .channel = "energy2",
       .domain = Domain::gpu,
       .part_of = "energy1",
       .limits = package_limits},

      // POWER. Documentation/hwmon/ibmpowernv.rst; the labels are those of skiboot's
      // hw/occ-sensor.c: a chip's processor, its rails Vdd (cores) and Vdn (what they share), and
      // the server as a whole.
      {.driver = "ibmpowernv", .channel = "#", .label = "Chip #", .domain = Domain::cpu_package},
      {.driver = "ibmpowernv",
       .channel = "#",
       .label = "Chip # Vdd",
       .domain = Domain::cpu_core,
       .why_not_in_total = inside_package},
      {.driver = "ibmpowernv",
       .channel = "#",
       .label = "Chip # Vdn",
       .domain = Domain::cpu_uncore,
       .why_not_in_total = inside_package},
      {.driver = "ibmpowernv",
       .channel = "#",
       .label = "System",
       .domain = Domain::platform,
       .why_not_in_total = "contains the cpu packages, and all else in the server"},

      // AMD EPYC. Documentation/hwmon/amd_energy.rst: RAPL's registers again, widened to 64 bits,
      // with one channel a core, of which there are too many to be listed.
      {.driver = "amd_energy",
       .channel = "energy#",
       .label = "Esocket#",
       .domain = Domain::cpu_package,
       .update_period = Seconds(0.001)},
      {.driver = "amd_energy",
       .channel = "energy#",
       .label = "Ecore#",
       .domain = Domain::cpu_core,
       .why_not_in_total = inside_package,
       .listed = false},
  };
  return rows;
}

const KnownChannel unknown_channel = {
    .driver = "",
    .channel = "",
    .domain = Domain::other,
    .why_not_in_total = "what it measures is not known to wattfor",
    .gain_uncertainty = unknown_gain_uncertainty};

// A socket, a chip, a channel: more digits are no number of one.
constexpr std::ptrdiff_t most_digits = 4;

// The number that stands for the pattern's `#`, zero where it has none; nothing where the text does
// not fit.
std::optional<int> fits(std::string_view text, std::string_view pattern) {
  const auto hash = pattern.find('#');
  if (hash == std::string_view::npos) {
    return text == pattern ? std::optional(0) : std::nullopt;
  }
  const std::string_view before = pattern.substr(0, hash);
  const std::string_view after = pattern.substr(hash + 1);
  if (!text.starts_with(before)) return std::nullopt;
  text.remove_prefix(before.size());
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::ptrdiff_t digits = end - text.data();
  if (error != std::errc() || number < 0 || digits > most_digits) return std::nullopt;
  if (text.substr(static_cast<std::size_t>(digits)) != after) return std::nullopt;
  return number;
}

}  // namespace

ChannelMeaning meaning_of(std::string_view driver, std::string_view channel,
                          std::string_view label) {
  for (const KnownChannel& row : known_channels()) {
    const bool any_channel = row.channel == "#";
    if (!fits(driver, row.driver) || !(any_channel || fits(channel, row.channel))) continue;
    if (row.label.empty()) return {&row, 0};
    if (const auto index = fits(label, row.label)) return {&row, *index};
  }
  return {&unknown_channel, 0};
}

}  // namespace wattfor
