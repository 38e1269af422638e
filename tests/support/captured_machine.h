#pragma once

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <optional>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include "support/temp_tree.h"
#include "units/quantity.h"

namespace wattfor::test {

// A machine's files as tests/golden/machines/NAME.machine tells them, in a folder of their own:
//
//   # comment
//   sys/class/powercap/intel-rapl:0/name = package-0
//   sys/class/powercap/intel-rapl:0/energy_uj = 81234567890 +120000000/s     counts on
//   sys/class/powercap/intel-rapl:1/energy_uj = 262143000000 +9500/s wrapping 262143328851
//   sys/class/drm/card0/device/gpu_metrics @ 16 = 1000 +65536/s    64 bits of it, little-endian
//   sys/class/hwmon/hwmon2/device -> ../../../devices/pci0000:00/…          a link
//   sys/class/powercap/intel-rapl:0/energy_uj ! only root may read it
//   perf 32 0x02 0 = 0 +515396075520/s        a perf counter: type, event, CPU
//   nvml NAME                                  the fake library's machine of that name
//
// \n, \t and \xHH stand for these bytes in a value.
class CapturedMachine {
 public:
  explicit CapturedMachine(const std::filesystem::path& file) {
    // Another user is to see what only root may not.
    std::filesystem::permissions(tree_.root(), std::filesystem::perms(0755));
    std::ifstream lines(file);
    if (!lines) throw std::runtime_error("cannot read " + file.string());
    for (std::string line; std::getline(lines, line);) {
      if (!line.empty() && line.front() != '#') add(line);
    }
    show(Seconds(0.0));
  }

  // What counts on stands where it has got to after `since` of running.
  void show(Seconds since) {
    for (const auto& [path, counter] : counters_) {
      tree_.write(path, std::to_string(counter.at(since)) + "\n");
    }
    for (const auto& [path, word] : words_) {
      std::fstream file(tree_ / path, std::ios::in | std::ios::out | std::ios::binary);
      const std::int64_t count = word.counter.at(since);
      file.seekp(word.offset);
      file.write(reinterpret_cast<const char*>(&count), sizeof count);
    }
    since_ = since;
  }

  std::filesystem::path sysfs() const { return tree_ / "sys"; }
  std::filesystem::path procfs() const { return tree_ / "proc"; }
  // The name after "nvml"; empty where the machine has no such library.
  const std::string& nvml() const { return nvml_; }

  // What a perf counter says now; nothing where the machine has none of these numbers.
  std::optional<std::uint64_t> perf_count(std::uint64_t type, std::uint64_t event, int cpu) const {
    const auto found = perf_.find({type, event, cpu});
    if (found == perf_.end()) return std::nullopt;
    return static_cast<std::uint64_t>(found->second.at(since_));
  }

 private:
  struct Counter {
    std::int64_t start = 0;
    double per_second = 0.0;
    std::int64_t wrapping = std::numeric_limits<std::int64_t>::max();
    std::int64_t at(Seconds since) const {
      return (start + std::llround(per_second * since.count())) % wrapping;
    }
  };

  struct Word {
    int offset = 0;
    Counter counter;
  };

  void add(const std::string& line) {
    std::istringstream words(line);
    std::string first;
    words >> first;
    if (first == "nvml") {
      words >> nvml_;
    } else if (first == "perf") {
      std::uint64_t type = 0;
      std::string event;
      int cpu = 0;
      words >> type >> event >> cpu;
      perf_[{type, std::stoull(event, nullptr, 16), cpu}] = counter_in(line).value();
    } else if (line.find(" ! ") != std::string::npos) {
      std::filesystem::permissions(tree_ / first, std::filesystem::perms::none);
    } else if (const auto arrow = line.find(" -> "); arrow != std::string::npos) {
      const auto link = tree_ / line.substr(0, arrow);
      std::filesystem::create_directories(link.parent_path());
      std::filesystem::create_symlink(line.substr(arrow + 4), link);
    } else if (const auto counter = counter_in(line)) {
      std::string sign;
      int offset = 0;
      if (words >> sign >> offset; sign == "@") {
        words_[first] = {offset, *counter};
      } else {
        counters_[first] = *counter;
      }
    } else {
      const std::string value = line.substr(line.find(" = ") + 3);
      const bool whole = value.ends_with("\\n") || value.find("\\x") != std::string::npos;
      tree_.write(first, unescaped(value) + (whole ? "" : "\n"));
    }
  }

  static std::optional<Counter> counter_in(const std::string& line) {
    static const std::regex pattern(" = ([0-9]+) \\+([0-9]+)/s(?: wrapping ([0-9]+))?$");
    std::smatch found;
    if (!std::regex_search(line, found, pattern)) return std::nullopt;
    Counter counter{.start = std::stoll(found[1]), .per_second = std::stod(found[2])};
    if (found[3].matched) counter.wrapping = std::stoll(found[3]);
    return counter;
  }

  static std::string unescaped(const std::string& text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] != '\\' || i + 1 == text.size()) {
        plain += text[i];
        continue;
      }
      switch (text[++i]) {
        case 'n':
          plain += '\n';
          break;
        case 't':
          plain += '\t';
          break;
        case 'x':
          plain += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
          i += 2;
          break;
        default:
          plain += text[i];
      }
    }
    return plain;
  }

  TempTree tree_;
  std::map<std::string, Counter> counters_;
  std::map<std::string, Word> words_;
  std::map<std::tuple<std::uint64_t, std::uint64_t, int>, Counter> perf_;
  std::string nvml_;
  Seconds since_{0.0};
};

}  // namespace wattfor::test
