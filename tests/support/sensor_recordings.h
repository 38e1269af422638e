#pragma once

#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/file.h"
#include "recording/number_table.h"
#include "recording/reference_power.h"
#include "support/published_data.h"

namespace wattfor::test {

// Recordings of real boards beside a 5 kHz reference meter, as github JimZeyuYang/
// GPU_Power_Benchmark (arXiv 2312.02741) publishes them: gpudata.csv, timestamps.csv, PMD_data.bin
// and PMD_start_ts.txt in a folder each, in `sensor-recordings` of published_data().
inline std::optional<std::filesystem::path> recording(const std::string& name) {
  const auto folder = published_data() / "sensor-recordings" / name;
  if (!std::filesystem::exists(folder / "gpudata.csv")) return std::nullopt;
  return folder;
}

// The moments that the load's program marked, in µs since 1970.
inline std::vector<std::int64_t> marked_moments(const std::filesystem::path& folder) {
  std::vector<std::int64_t> moments;
  const std::string file = folder / "timestamps.csv";
  for (const NumberRow& row : read_numbers(read_file(file), file, {"timestamp"})) {
    const auto moment = static_cast<std::int64_t>(row.numbers[0]);
    // Each stands there twice.
    if (moments.empty() || moments.back() != moment) moments.push_back(moment);
  }
  return moments;
}

// Little-endian words of 16 bits, nine a record: a timer, then four pairs of voltage and current,
// each signed 12 bits in the upper ones.
inline ReferencePower reference_meter(const std::filesystem::path& folder) {
  constexpr double ticks_per_second = 2.9335e6;
  constexpr double volts = 0.007568;
  constexpr double amperes = 0.0488;
  constexpr double start_late_us = 50'000.0;
  constexpr std::size_t words = 9;
  const std::string bytes = read_file(folder / "PMD_data.bin");
  const auto word = [&](std::size_t i) {
    const auto low = static_cast<unsigned char>(bytes[2 * i]);
    const auto high = static_cast<unsigned char>(bytes[2 * i + 1]);
    return static_cast<std::uint16_t>(low | (high << 8));
  };
  const auto value = [&](std::size_t i) { return std::bit_cast<std::int16_t>(word(i)) >> 4; };
  const double start_us = std::stod(read_file(folder / "PMD_start_ts.txt")) - start_late_us;
  std::vector<Update> readings;
  std::uint64_t ticks = 0;
  for (std::size_t i = 0; 2 * (i + words) <= bytes.size(); i += words) {
    if (i > 0) ticks += static_cast<std::uint16_t>(word(i) - word(i - words));
    double power = 0.0;
    for (std::size_t pair = i + 1; pair < i + words; pair += 2) {
      power += volts * value(pair) * amperes * value(pair + 1);
    }
    const Seconds time(start_us * 1e-6 + static_cast<double>(ticks) / ticks_per_second);
    if (readings.empty() || time > readings.back().time) readings.push_back({time, Watts(power)});
  }
  return ReferencePower(std::move(readings));
}

}  // namespace wattfor::test
