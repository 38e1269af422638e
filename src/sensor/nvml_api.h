#pragma once

// The part of NVIDIA's management library (NVML, API 13) that wattfor calls, declared here so that
// neither its header nor the library is needed to build: nothing links against these names, each is
// looked up at run time. Enumerations cross the interface as int; all sizes are those of LP64
// Linux. Source: nvml.h in github NVIDIA/go-nvml.

namespace wattfor {

enum class NvmlReturn : int {
  success = 0,
  uninitialized = 1,
  invalid_argument = 2,
  not_supported = 3,
  no_permission = 4,
  not_found = 6,
  insufficient_size = 7,
  driver_not_loaded = 9,
  timeout = 10,
  library_not_found = 12,
  function_not_found = 13,
  corrupted_inforom = 14,
  gpu_is_lost = 15,
  reset_required = 16,
  operating_system = 17,  // it has blocked the request
  lib_rm_version_mismatch = 18,
  no_data = 21,
  argument_version_mismatch = 25,
  deprecated = 26,
  not_ready = 27,
  gpu_not_found = 28,
  unknown = 999,
};

// Fields of nvmlDeviceGetFieldValues; power in mW, energy in mJ.
constexpr unsigned nvml_field_total_energy = 83;
constexpr unsigned nvml_field_power_average = 185;
constexpr unsigned nvml_field_power_instant = 186;

// For how long the clocks were held down, in ns since the driver was loaded, by policy; field 80
// and 81 sum up others, 78 counts idleness. The last three had other ids (251 to 253) for a while,
// when 269 to 271 were settings of power smoothing: small numbers of another type.
constexpr unsigned nvml_field_limited_by_power = 74;
constexpr unsigned nvml_field_limited_by_heat = 75;
constexpr unsigned nvml_field_limited_by_sync_boost = 76;
constexpr unsigned nvml_field_limited_by_board = 77;
constexpr unsigned nvml_field_limited_by_reliability = 79;
constexpr unsigned nvml_field_software_thermal_slowdown = 269;
constexpr unsigned nvml_field_hardware_thermal_slowdown = 270;
constexpr unsigned nvml_field_power_brake = 271;

// What a power field covers. GH200 may refuse the GPU alone and answer for the module.
constexpr unsigned nvml_scope_gpu = 0;
constexpr unsigned nvml_scope_module = 1;
constexpr unsigned nvml_scope_memory = 2;

// Which buffer nvmlDeviceGetSamples reads; both hold mW.
constexpr int nvml_samples_total_power = 0;
constexpr int nvml_samples_module_power = 7;

constexpr unsigned nvml_mig_enabled = 1;  // nvmlDeviceGetMigMode

// Which member of nvmlValue_t holds a field's value.
enum class NvmlValueType : int {
  float64 = 0,
  uint32 = 1,
  unsigned_long = 2,
  uint64 = 3,
  int64 = 4,
  int32 = 5,
  uint16 = 6,
};

constexpr int nvml_clock_sm = 1;           // nvmlDeviceGetClockInfo, MHz
constexpr int nvml_temperature_gpu = 0;    // nvmlDeviceGetTemperature, °C
constexpr unsigned nvml_text_length = 96;  // of names, UUIDs and versions, at least

// nvmlDeviceGetArchitecture.
constexpr unsigned nvml_architecture_pascal = 4;
constexpr unsigned nvml_architecture_volta = 5;
constexpr unsigned nvml_architecture_turing = 6;
constexpr unsigned nvml_architecture_ampere = 7;
constexpr unsigned nvml_architecture_ada = 8;
constexpr unsigned nvml_architecture_hopper = 9;

extern "C" {

using nvmlDevice_t = struct nvmlDevice_st*;

union nvmlValue_t {
  double dVal;
  int siVal;
  unsigned uiVal;
  unsigned long ulVal;
  unsigned long long ullVal;
  signed long long sllVal;
  unsigned short usVal;
};

struct nvmlFieldValue_t {
  unsigned fieldId;
  unsigned scopeId;
  long long timestamp;  // µs since 1970
  long long latencyUsec;
  NvmlValueType valueType;
  NvmlReturn nvmlReturn;  // of this field alone
  nvmlValue_t value;
};
static_assert(sizeof(nvmlFieldValue_t) == 40);

struct nvmlSample_t {
  unsigned long long timeStamp;  // µs, of the CPU's clock
  nvmlValue_t sampleValue;
};
static_assert(sizeof(nvmlSample_t) == 16);

struct nvmlUtilization_t {
  unsigned gpu;     // percent of time
  unsigned memory;  // percent of time in which memory was read or written
};

struct nvmlMemory_t {
  unsigned long long total;  // bytes, as the others
  unsigned long long free;
  unsigned long long used;
};

// What all versions of a process's entry begin with. The first version ends here, the second adds
// two numbers of MIG's (24 bytes), and that of early 535 drivers a third amount (32 bytes).
struct nvmlProcessInfo_v1_t {
  unsigned pid;
  unsigned long long usedGpuMemory;  // bytes; all ones where unknown
};
static_assert(sizeof(nvmlProcessInfo_v1_t) == 16);

NvmlReturn nvmlInit();
NvmlReturn nvmlInit_v2();
NvmlReturn nvmlShutdown();
const char* nvmlErrorString(NvmlReturn);
NvmlReturn nvmlSystemGetDriverVersion(char* version, unsigned length);
NvmlReturn nvmlDeviceGetCount(unsigned* count);
NvmlReturn nvmlDeviceGetCount_v2(unsigned* count);
NvmlReturn nvmlDeviceGetHandleByIndex(unsigned index, nvmlDevice_t* device);
NvmlReturn nvmlDeviceGetHandleByIndex_v2(unsigned index, nvmlDevice_t* device);
NvmlReturn nvmlDeviceGetHandleByUUID(const char* uuid, nvmlDevice_t* device);  // also of MIG
NvmlReturn nvmlDeviceGetName(nvmlDevice_t, char* name, unsigned length);
NvmlReturn nvmlDeviceGetUUID(nvmlDevice_t, char* uuid, unsigned length);
NvmlReturn nvmlDeviceGetArchitecture(nvmlDevice_t, unsigned* architecture);
NvmlReturn nvmlDeviceGetPowerUsage(nvmlDevice_t, unsigned* milliwatts);
NvmlReturn nvmlDeviceGetTotalEnergyConsumption(nvmlDevice_t, unsigned long long* millijoules);
NvmlReturn nvmlDeviceGetFieldValues(nvmlDevice_t, int count, nvmlFieldValue_t* values);
// With no `samples` it answers how many there are; `count` is the room in `samples`, then how many
// were written.
NvmlReturn nvmlDeviceGetSamples(nvmlDevice_t, int type, unsigned long long last_seen_us,
                                NvmlValueType* type_of_values, unsigned* count,
                                nvmlSample_t* samples);
NvmlReturn nvmlDeviceGetEnforcedPowerLimit(nvmlDevice_t, unsigned* milliwatts);
NvmlReturn nvmlDeviceGetPowerManagementDefaultLimit(nvmlDevice_t, unsigned* milliwatts);
NvmlReturn nvmlDeviceGetPowerManagementLimitConstraints(nvmlDevice_t, unsigned* least_milliwatts,
                                                        unsigned* most_milliwatts);
NvmlReturn nvmlDeviceGetUtilizationRates(nvmlDevice_t, nvmlUtilization_t* rates);
NvmlReturn nvmlDeviceGetMemoryInfo(nvmlDevice_t, nvmlMemory_t* memory);
NvmlReturn nvmlDeviceGetTemperature(nvmlDevice_t, int sensor, unsigned* celsius);
NvmlReturn nvmlDeviceGetClockInfo(nvmlDevice_t, int clock, unsigned* megahertz);
NvmlReturn nvmlDeviceGetCurrentClocksEventReasons(nvmlDevice_t, unsigned long long* reasons);
NvmlReturn nvmlDeviceGetCurrentClocksThrottleReasons(nvmlDevice_t, unsigned long long* reasons);
NvmlReturn nvmlDeviceGetMigMode(nvmlDevice_t, unsigned* current, unsigned* pending);
NvmlReturn nvmlDeviceGetMaxMigDeviceCount(nvmlDevice_t, unsigned* count);
NvmlReturn nvmlDeviceGetMigDeviceHandleByIndex(nvmlDevice_t, unsigned index, nvmlDevice_t* mig);
NvmlReturn nvmlDeviceGetDeviceHandleFromMigDeviceHandle(nvmlDevice_t mig, nvmlDevice_t* gpu);
// `count` is the room in `entries`, then how many there are.
NvmlReturn nvmlDeviceGetComputeRunningProcesses(nvmlDevice_t, unsigned* count, void* entries);
NvmlReturn nvmlDeviceGetComputeRunningProcesses_v3(nvmlDevice_t, unsigned* count, void* entries);
NvmlReturn nvmlDeviceGetGraphicsRunningProcesses(nvmlDevice_t, unsigned* count, void* entries);
NvmlReturn nvmlDeviceGetGraphicsRunningProcesses_v3(nvmlDevice_t, unsigned* count, void* entries);
}

}  // namespace wattfor
