#include "sensor/profile_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "base/data_folder.h"
#include "base/error.h"
#include "base/file.h"
#include "measurement/json.h"

namespace wattfor {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t largest_file = 65536;  // a profile takes 2 KiB
constexpr std::size_t most_files = 4096;
// A measurement waits for its sensors' updates; no sensor that a load can calibrate is slower.
constexpr Seconds slowest{60.0};

struct StoredProfile {
  fs::path file;
  SensorProfile profile;
};

struct StoredProfiles {
  std::vector<StoredProfile> all;
  std::vector<std::string> warnings;
};

// `what` names the file, and says what is wrong with it.
std::string not_used(std::string_view what) {
  return fmt::format("{}; it is not used as a sensor's profile: delete it, or calibrate again",
                     what);
}

std::string not_used(const fs::path& file, std::string_view why) {
  return not_used(fmt::format("{}: {}", file.string(), why));
}

// In the order of their names, so that what is said does not depend on the file system.
std::vector<fs::path> json_files(const fs::path& folder, std::vector<std::string>& warnings) {
  std::vector<fs::path> files;
  std::error_code error;
  fs::directory_iterator entry(folder, error);
  if (error) {
    if (error != std::errc::no_such_file_or_directory) {
      warnings.push_back(
          fmt::format("{}: no sensor's profile is read: {}", folder.string(), error.message()));
    }
    return files;
  }
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    if (entry->path().extension() != ".json") continue;
    if (files.size() == most_files) {
      warnings.push_back(fmt::format("{}: there are more than {} profiles; the others are not read",
                                     folder.string(), most_files));
      break;
    }
    files.push_back(entry->path());
  }
  std::ranges::sort(files);
  return files;
}

bool is_slower(const std::optional<Uncertain<Seconds>>& found) {
  return found && (found->value > slowest || found->value < -slowest);
}

bool is_too_slow(const SensorProfile& profile) {
  return is_slower(profile.update_period) || is_slower(profile.window) ||
         is_slower(profile.time_constant) || is_slower(profile.delay);
}

StoredProfiles read_profiles(const fs::path& folder) {
  StoredProfiles read;
  for (const fs::path& file : json_files(folder, read.warnings)) {
    std::error_code unknown;
    const std::uintmax_t size = fs::file_size(file, unknown);
    if (!unknown && size > largest_file) {
      read.warnings.push_back(not_used(file, fmt::format("{} bytes are too many", size)));
      continue;
    }
    const auto text = read_attribute(file);
    if (!text) {
      read.warnings.push_back(not_used(file, "it can't be read"));
      continue;
    }
    try {
      SensorProfile profile = profile_from_json(*text, file.string());
      if (profile.device.empty()) {
        read.warnings.push_back(not_used(file, "device: expected a sensor's id"));
      } else if (is_too_slow(profile)) {
        read.warnings.push_back(
            not_used(file, fmt::format("expected times of at most {:g} s", slowest.count())));
      } else {
        read.all.push_back({file, std::move(profile)});
      }
    } catch (const Error& error) {
      read.warnings.push_back(not_used(error.what()));
    }
  }
  return read;
}

bool suits(const SensorProfile& profile, const SensorInfo& info) {
  return (profile.kind == ResponseKind::counter) == (info.kind == SensorKind::energy_counter);
}

std::string or_none(const std::string& text) { return text.empty() ? "an unnamed one" : text; }

// Why the profile of a sensor is none of the sensor as it now is.
std::string outdated(const SensorProfile& profile, const SensorInfo& info) {
  const bool other_driver = profile.driver != info.driver;
  return fmt::format(
      "{}: calibrated under {}, now {}: its profile is not used; run `wattfor "
      "calibrate --sensor {}` again",
      info.id, or_none(other_driver ? profile.driver : profile.field),
      or_none(other_driver ? info.driver : info.source), info.id);
}

void apply(const StoredProfiles& stored, Sensor& sensor, std::vector<std::string>& warnings) {
  const SensorInfo& info = sensor.info();
  const StoredProfile* fitting = nullptr;
  const StoredProfile* other = nullptr;
  for (const StoredProfile& each : stored.all) {
    if (each.profile.device != info.id) continue;
    if (each.profile.driver != info.driver || each.profile.field != info.source) {
      other = &each;
    } else if (!suits(each.profile, info)) {
      warnings.push_back(not_used(
          each.file,
          fmt::format("kind: {} is of no {}, which {} is", name_of(each.profile.kind),
                      info.kind == SensorKind::energy_counter ? "energy counter" : "power gauge",
                      info.id)));
    } else if (fitting) {
      warnings.push_back(not_used(
          each.file, fmt::format("{} is of the same sensor", fitting->file.filename().string())));
    } else {
      fitting = &each;
    }
  }
  if (fitting) {
    sensor.calibrate(fitting->profile);
  } else if (other) {
    warnings.push_back(outdated(other->profile, info));
  }
}

// Of the sensor's id, for whoever looks into the folder, and of the whole key, which it need not
// tell.
std::string file_name(const SensorProfile& profile) {
  constexpr std::size_t longest = 100;
  std::string name = profile.device.substr(0, longest);
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  };
  std::ranges::replace_if(name, [&](char c) { return !plain(c); }, '_');
  // FNV-1a, the same on every machine.
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : profile.device + '\n' + profile.driver + '\n' + profile.field) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
  return fmt::format("{}-{:016x}.json", name, hash);
}

}  // namespace

fs::path profile_folder() {
  const char* variable = std::getenv("WATTFOR_PROFILES");
  if (variable != nullptr && *variable != '\0') return variable;
  const auto folder = data_folder();
  return folder ? *folder / "profiles" : fs::path();
}

void apply_profiles(ProbeResult& found, const fs::path& folder) {
  if (folder.empty()) return;
  StoredProfiles stored = read_profiles(folder);
  std::ranges::move(stored.warnings, std::back_inserter(found.warnings));
  for (const auto& device : found.devices) {
    for (const auto& sensor : device->sensors()) apply(stored, *sensor, found.warnings);
  }
}

fs::path store_profile(const fs::path& folder, const SensorProfile& profile) {
  if (folder.empty()) {
    throw Error(ErrorCode::usage,
                "nowhere to keep profiles: $HOME is not set; name a folder with "
                "$WATTFOR_PROFILES, or leave it with --no-store");
  }
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) {
    throw Error(ErrorCode::io,
                fmt::format("cannot make the folder '{}': {}", folder.string(), error.message()));
  }
  fs::path file = folder / file_name(profile);
  write_file(file, dump(to_json(profile), 2) + "\n");
  return file;
}

}  // namespace wattfor
