#pragma once

#include <filesystem>
#include <optional>

namespace wattfor {

// How busy the host's processors are, from the kernel's own account (`procfs`/stat, kernel
// Documentation/filesystems/proc.rst), between its construction and a question.
class HostLoad {
 public:
  explicit HostLoad(const std::filesystem::path& procfs = "/proc");

  // Of all processors' time, in percent; nothing where the kernel does not say or too little time
  // has passed for its clock (10 ms).
  std::optional<double> busy_percent() const;

 private:
  struct CpuTime {
    double busy = 0.0;  // in the kernel's ticks
    double idle = 0.0;
  };
  static std::optional<CpuTime> read(const std::filesystem::path& file);

  std::filesystem::path file_;
  std::optional<CpuTime> begin_;
};

}  // namespace wattfor
