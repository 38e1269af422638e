#include "sensor/host.h"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <map>
#include <sstream>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/text.h"

namespace wattfor {

namespace {

namespace fs = std::filesystem;

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// What /proc/cpuinfo says: of each key the first value, and how often "processor" occurs.
struct CpuInfo {
  std::map<std::string, std::string> first;
  int processors = 0;

  std::string value(const std::string& key) const {
    const auto found = first.find(key);
    return found == first.end() ? "" : found->second;
  }
};

CpuInfo read_cpuinfo(const fs::path& procfs_root) {
  CpuInfo info;
  std::istringstream lines(read_attribute(procfs_root / "cpuinfo").value_or(""));
  for (std::string line; std::getline(lines, line);) {
    const auto colon = line.find(':');
    if (colon == std::string::npos) continue;
    const std::string key(trimmed(std::string_view(line).substr(0, colon)));
    if (key == "processor") ++info.processors;
    info.first.try_emplace(key, trimmed(std::string_view(line).substr(colon + 1)));
  }
  return info;
}

// The cores of servers and boards, as "implementer/part" of /proc/cpuinfo (Arm's and Ampere's main
// ID register values; the kernel's arch/arm64/include/asm/cputype.h lists them).
std::string arm_core(const std::string& implementer, const std::string& part) {
  static const std::map<std::pair<std::string, std::string>, std::string> cores = {
      {{"0x41", "0xd03"}, "Cortex-A53"},   {{"0x41", "0xd07"}, "Cortex-A57"},
      {{"0x41", "0xd08"}, "Cortex-A72"},   {{"0x41", "0xd0b"}, "Cortex-A76"},
      {{"0x41", "0xd42"}, "Cortex-A78AE"}, {{"0x41", "0xd0c"}, "Neoverse-N1"},
      {{"0x41", "0xd40"}, "Neoverse-V1"},  {{"0x41", "0xd49"}, "Neoverse-N2"},
      {{"0x41", "0xd4f"}, "Neoverse-V2"},  {{"0xc0", "0xac3"}, "Ampere-1"},
      {{"0xc0", "0xac4"}, "Ampere-1A"},
  };
  const auto found = cores.find({implementer, part});
  return found == cores.end() ? "" : found->second;
}

std::string cpu_name(const CpuInfo& info, const fs::path& procfs_root) {
  // "cpu" is what POWER calls it.
  for (const char* key : {"model name", "cpu"}) {
    if (std::string name = info.value(key); !name.empty()) return name;
  }
  const std::string implementer = info.value("CPU implementer");
  const std::string part = info.value("CPU part");
  if (std::string core = arm_core(implementer, part); !core.empty()) return core;
  if (const auto model = read_attribute(procfs_root / "device-tree/model")) {
    // Device-tree strings end with a zero byte.
    const std::string_view text(*model);
    if (const auto name = trimmed(text.substr(0, text.find('\0'))); !name.empty()) {
      return std::string(name);
    }
  }
  if (!implementer.empty()) return fmt::format("arm64 {}-{}", implementer, part);
  utsname system{};
  uname(&system);
  return std::string(system.machine) == "aarch64" ? "arm64" : system.machine;
}

double memory_bytes(const fs::path& procfs_root) {
  const std::string meminfo = read_attribute(procfs_root / "meminfo").value_or("");
  constexpr std::string_view key = "MemTotal:";
  const auto at = meminfo.find(key);
  if (at == std::string::npos) return 0.0;
  const auto digits = meminfo.find_first_of("0123456789", at + key.size());
  if (digits == std::string::npos) return 0.0;
  double kibibytes = 0.0;
  std::from_chars(meminfo.data() + digits, meminfo.data() + meminfo.size(), kibibytes);
  return kibibytes * 1024.0;
}

// What the firmware tables of a virtual machine call themselves. EC2's machines without a
// hypervisor carry the vendor's name too; their product ends with ".metal".
std::string hypervisor_by_firmware(const std::string& vendor, const std::string& product) {
  static const std::array<std::pair<std::string_view, std::string_view>, 13> names = {{
      {"KVM", "kvm"},
      {"QEMU", "kvm"},
      {"Amazon EC2", "kvm"},
      {"Google Compute Engine", "kvm"},
      {"Alibaba Cloud", "kvm"},
      {"DigitalOcean", "kvm"},
      {"OpenStack", "kvm"},
      {"VMware", "vmware"},
      {"VirtualBox", "virtualbox"},
      {"Virtual Machine", "hyper-v"},
      {"Xen", "xen"},
      {"Parallels", "parallels"},
      {"Bochs", "bochs"},
  }};
  if (contains(product, ".metal")) return "";
  for (const auto& [sign, name] : names) {
    if (contains(vendor, sign) || contains(product, sign)) return std::string(name);
  }
  return "";
}

// Clocks that only a guest of that hypervisor is offered; small machines (Firecracker) have no
// firmware tables.
std::string hypervisor_by_clock(const fs::path& sysfs_root) {
  const std::string clocks =
      read_attribute(sysfs_root / "devices/system/clocksource/clocksource0/available_clocksource")
          .value_or("");
  if (contains(clocks, "kvm-clock")) return "kvm";
  if (contains(clocks, "hyperv")) return "hyper-v";
  if (contains(clocks, "xen")) return "xen";
  return "";
}

std::string virtualisation(const CpuInfo& cpu, const fs::path& sysfs_root) {
  if (const auto type = read_attribute(sysfs_root / "hypervisor/type"); type && !type->empty()) {
    return *type;
  }
  const bool x86 = !cpu.value("flags").empty();
  const bool flagged = contains(" " + cpu.value("flags") + " ", " hypervisor ");
  if (x86 && !flagged) return "";
  std::string firmware =
      hypervisor_by_firmware(read_attribute(sysfs_root / "class/dmi/id/sys_vendor").value_or(""),
                             read_attribute(sysfs_root / "class/dmi/id/product_name").value_or(""));
  if (!firmware.empty()) return firmware;
  if (!flagged) return "";
  std::string clock = hypervisor_by_clock(sysfs_root);
  return clock.empty() ? "unknown hypervisor" : clock;
}

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }
bool has_digit(std::string_view word) { return std::any_of(word.begin(), word.end(), is_digit); }

// "64-core", "8-cores", "13th", "gen": how many and which generation, not which processor.
bool says_nothing(std::string_view word) {
  if (word == "cpu" || word == "processor" || word == "gen" || word == "apu") return true;
  if (!is_digit(word.front())) return false;
  return word.ends_with("-core") || word.ends_with("-cores") || word.ends_with("th");
}

// Lower-case letters and digits; whatever else stands between them becomes one hyphen.
std::string slug_of(std::string_view text) {
  std::string slug;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || is_digit(c);
    if (letter) {
      slug += c;
    } else if (!slug.empty() && slug.back() != '-') {
      slug += '-';
    }
  }
  if (slug.ends_with('-')) slug.pop_back();
  return slug;
}

void remove_all(std::string& text, std::string_view part) {
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part)) {
    text.erase(at, part.size());
  }
}

}  // namespace

HostFacts read_host_facts(const fs::path& procfs_root, const fs::path& sysfs_root) {
  utsname system{};
  uname(&system);
  const CpuInfo cpu = read_cpuinfo(procfs_root);
  HostFacts facts;
  facts.hostname = system.nodename;
  facts.kernel = system.release;
  facts.cpu = cpu_name(cpu, procfs_root);
  facts.cpu_vendor = cpu.value("vendor_id");
  facts.logical_cpus = cpu.processors > 0
                           ? cpu.processors
                           : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  facts.memory_bytes = memory_bytes(procfs_root);
  facts.virtualisation = virtualisation(cpu, sysfs_root);
  return facts;
}

std::string cpu_slug(const std::string& cpu) {
  std::string name;
  for (const char c : cpu) {
    name += (c >= 'A' && c <= 'Z') ? static_cast<char>(c - 'A' + 'a') : c;
  }
  for (const char* mark : {"(r)", "(tm)"}) remove_all(name, mark);
  // The clock and the graphics unit say nothing about the processor that its number does not.
  for (const char* tail : {"@", " w/ ", " with "}) name = name.substr(0, name.find(tail));

  std::string vendor;
  std::string rest;
  std::istringstream words(name);
  for (std::string word; words >> word;) {
    if (word == "amd" || word == "intel") {
      vendor = word;
    } else if (!says_nothing(word)) {
      rest += word + " ";
    }
  }
  const std::string slug = slug_of(has_digit(rest) ? rest : vendor + " " + rest);
  return slug.empty() ? "cpu" : slug;
}

}  // namespace wattfor
