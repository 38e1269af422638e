// Any bytes as an nvidia-smi log: read or refused; readings in order of time, each a number.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/error.h"
#include "recording/nvidia_smi_log.h"
#include "response/update_times.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const wattfor::NvidiaSmiLog log = wattfor::read_nvidia_smi_log(text, "gpu.csv");
    for (std::size_t i = 0; i < log.polls.size(); ++i) {
      if (!std::isfinite(log.polls[i].power.value())) std::abort();
      if (i > 0 && log.polls[i].time < log.polls[i - 1].time) std::abort();
    }
    const auto lattice = wattfor::fit_lattice(wattfor::changes_of(log.polls));
    if (lattice && !(lattice->period > wattfor::Seconds(0.0))) std::abort();
  } catch (const wattfor::Error&) {
    return 0;
  }
  return 0;
}
