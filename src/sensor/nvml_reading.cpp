#include "sensor/nvml_reading.h"

#include <algorithm>
#include <cstddef>

namespace wattfor {
namespace {

// Buffers hold some hundred samples; a count beyond this is an error of the driver's.
constexpr unsigned most_samples = 16'384;

template <class Integer>
NvmlAnswer counted(Integer value) {
  if (value == static_cast<Integer>(-1)) return NvmlReturn::no_data;
  return static_cast<double>(value);
}

// Of a sample that has a value.
double milliwatts_of(const nvmlSample_t& sample, NvmlValueType type) {
  return std::get<double>(value_of(type, sample.sampleValue));
}

}  // namespace

NvmlAnswer value_of(NvmlValueType type, const nvmlValue_t& value) {
  switch (type) {
    case NvmlValueType::float64:
      return value.dVal;
    case NvmlValueType::uint32:
      return counted(value.uiVal);
    case NvmlValueType::unsigned_long:
      return counted(value.ulVal);
    case NvmlValueType::uint64:
      return counted(value.ullVal);
    case NvmlValueType::int64:
      return counted(value.sllVal);
    case NvmlValueType::int32:
      return counted(value.siVal);
    case NvmlValueType::uint16:
      return counted(value.usVal);
  }
  return NvmlReturn::unknown;
}

NvmlAnswer read_field(const NvmlFunctions& nvml, nvmlDevice_t gpu, unsigned field, unsigned scope) {
  if (nvml.field_values == nullptr) return NvmlReturn::function_not_found;
  nvmlFieldValue_t value{};
  value.fieldId = field;
  value.scopeId = scope;
  const NvmlReturn status = nvml.field_values(gpu, 1, &value);
  if (status != NvmlReturn::success) return status;
  if (value.nvmlReturn != NvmlReturn::success) return value.nvmlReturn;
  return value_of(value.valueType, value.value);
}

NvmlAnswer read_total_energy(const NvmlFunctions& nvml, nvmlDevice_t gpu) {
  if (nvml.total_energy == nullptr) return NvmlReturn::function_not_found;
  unsigned long long millijoules = 0;
  const NvmlReturn status = nvml.total_energy(gpu, &millijoules);
  return status == NvmlReturn::success ? counted(millijoules) : status;
}

NvmlAnswer read_number(NvmlReturn (*function)(nvmlDevice_t, unsigned*), nvmlDevice_t gpu) {
  if (function == nullptr) return NvmlReturn::function_not_found;
  unsigned number = 0;
  const NvmlReturn status = function(gpu, &number);
  return status == NvmlReturn::success ? counted(number) : status;
}

NvmlAnswer NvmlPowerSamples::read(const NvmlFunctions& nvml, nvmlDevice_t gpu) {
  if (nvml.samples == nullptr) return NvmlReturn::function_not_found;
  // All of them, as a buffer that is asked for newer ones alone hides that its clock was set back.
  constexpr unsigned long long since_ever = 0;
  NvmlValueType type{};
  unsigned count = 0;
  NvmlReturn status = nvml.samples(gpu, type_, since_ever, &type, &count, nullptr);
  if (status == NvmlReturn::not_found) return newest_again();
  if (status != NvmlReturn::success) return status;
  samples_.resize(std::min(count, most_samples));
  count = static_cast<unsigned>(samples_.size());
  if (count == 0) return newest_again();
  status = nvml.samples(gpu, type_, since_ever, &type, &count, samples_.data());
  if (status != NvmlReturn::success) return status;
  samples_.resize(std::min<std::size_t>(count, samples_.size()));

  std::erase_if(samples_, [&](const nvmlSample_t& sample) {
    return !std::holds_alternative<double>(value_of(type, sample.sampleValue));
  });
  if (samples_.empty()) return newest_again();
  const nvmlSample_t newest = *std::ranges::max_element(samples_, {}, &nvmlSample_t::timeStamp);
  if (newest.timeStamp == last_seen_us_) return newest_again();
  const bool anew = last_seen_us_ == 0 || newest.timeStamp < last_seen_us_;
  std::erase_if(samples_, [&](const nvmlSample_t& s) { return s.timeStamp <= last_seen_us_; });
  last_seen_us_ = newest.timeStamp;
  newest_milliwatts_ = milliwatts_of(newest, type);
  calls_without_new_ = 0;
  if (anew) return newest_milliwatts_;
  double sum = 0.0;
  for (const nvmlSample_t& sample : samples_) sum += milliwatts_of(sample, type);
  return sum / static_cast<double>(samples_.size());
}

NvmlAnswer NvmlPowerSamples::newest_again() {
  const bool has_one = last_seen_us_ != 0;
  if (!has_one || ++calls_without_new_ > patience) return NvmlReturn::not_found;
  return newest_milliwatts_;
}

FailureKind kind_of(NvmlReturn status) {
  switch (status) {
    case NvmlReturn::uninitialized:
    case NvmlReturn::driver_not_loaded:
    case NvmlReturn::lib_rm_version_mismatch:
    case NvmlReturn::gpu_is_lost:
    case NvmlReturn::gpu_not_found:
    case NvmlReturn::reset_required:
      return FailureKind::gone;
    case NvmlReturn::no_permission:
    case NvmlReturn::operating_system:
      return FailureKind::forbidden;
    case NvmlReturn::invalid_argument:
    case NvmlReturn::not_supported:
    case NvmlReturn::library_not_found:
    case NvmlReturn::function_not_found:
    case NvmlReturn::corrupted_inforom:
    case NvmlReturn::argument_version_mismatch:
    case NvmlReturn::deprecated:
      return FailureKind::broken;
    default:
      return FailureKind::try_again;
  }
}

}  // namespace wattfor
