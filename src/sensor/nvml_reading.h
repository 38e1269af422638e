#pragma once

#include <array>
#include <string>
#include <variant>
#include <vector>

#include "sensor/nvml_api.h"
#include "sensor/nvml_library.h"
#include "sensor/sensor.h"

namespace wattfor {

// What NVML answered: a count of milliwatts, millijoules or nanoseconds, or why not. The number all
// ones is its sign for "not available" (NVML_VALUE_NOT_AVAILABLE), also beside a success, and
// becomes `no_data`. A function that the library does not have is `function_not_found`.
using NvmlAnswer = std::variant<double, NvmlReturn>;

// One call for one field: it fails alone, and its value belongs to the moment of the call. Values
// fetched for several sensors at once would have to be kept until each is asked for, and cost as
// much: half a microsecond a field on a board of today. The timestamp that comes with it is not
// used: it is of the wall clock, which may be set while a measurement runs, and the middle of the
// call is as near.
NvmlAnswer read_field(const NvmlFunctions& nvml, nvmlDevice_t gpu, unsigned field, unsigned scope);

NvmlAnswer read_total_energy(const NvmlFunctions& nvml, nvmlDevice_t gpu);

// For the functions that answer one unsigned number.
NvmlAnswer read_number(NvmlReturn (*function)(nvmlDevice_t, unsigned*), nvmlDevice_t gpu);

NvmlAnswer value_of(NvmlValueType type, const nvmlValue_t& value);

// The driver's buffer of recent power samples, as a gauge. What it holds is documented (mW, from
// Kepler on) and was never verified on a board: how often a sample comes, and over which time it is
// averaged.
class NvmlPowerSamples {
 public:
  explicit NvmlPowerSamples(int type) : type_(type) {}

  // The mean of the samples that came since the last call. Where none did, the newest again, as
  // every gauge answers between two updates; after `patience` such calls, some seconds at a meter's
  // pace, `not_found`. The first call answers with the newest, as the buffer reaches back over
  // seconds; so does one that finds the clock of the samples, which is the wall's, set back.
  NvmlAnswer read(const NvmlFunctions& nvml, nvmlDevice_t gpu);

  static constexpr int patience = 40;

 private:
  NvmlAnswer newest_again();

  int type_;
  unsigned long long last_seen_us_ = 0;
  double newest_milliwatts_ = 0.0;
  int calls_without_new_ = 0;
  std::vector<nvmlSample_t> samples_;
};

// What a failed reading's status means for the readings to come.
FailureKind kind_of(NvmlReturn status);

// Asks for a text; empty where there is none.
template <class Ask>
std::string nvml_text(const Ask& ask) {
  std::array<char, nvml_text_length> text{};
  if (ask(text.data(), nvml_text_length) != NvmlReturn::success) return "";
  text.back() = '\0';
  return text.data();
}

}  // namespace wattfor
