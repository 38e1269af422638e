#pragma once

#include <cstddef>
#include <cstdint>

// The part of ONNX Runtime's C interface that we call, declared by its layout: OrtGetApiBase() is
// the library's one exported function, and the table that GetApi() returns only ever grows at its
// end, so a slot's place is its name for good. The slots used here exist since version 5 of the
// table (ONNX Runtime 1.5), those for GPUs and for what lies on them since version 11 (1.11). Names
// and meanings: onnxruntime_c_api.h of the ONNX Runtime project.
namespace wattfor::ort {

struct OrtAllocator;
struct OrtCUDAProviderOptionsV2;
struct OrtEnv;
struct OrtIoBinding;
struct OrtMemoryInfo;
struct OrtRunOptions;
struct OrtSession;
struct OrtSessionOptions;
struct OrtStatus;  // null is success
struct OrtTensorRTProviderOptionsV2;
struct OrtTensorTypeAndShapeInfo;
struct OrtTypeInfo;
struct OrtValue;

enum class OrtErrorCode : int { invalid_protobuf = 7, not_implemented = 9 };

enum class OrtLoggingLevel : int { error = 3 };

enum class OrtGraphOptimizationLevel : int { disabled = 0, basic = 1, extended = 2, all = 99 };

enum class OrtAllocatorType : int { device = 0 };

enum class OrtMemType : int { usual = 0 };

// ONNXTensorElementDataType, which is onnx.proto's TensorProto.DataType.
enum class OrtElementType : int {
  undefined = 0,
  float32 = 1,
  uint8 = 2,
  int8 = 3,
  uint16 = 4,
  int16 = 5,
  int32 = 6,
  int64 = 7,
  string = 8,
  boolean = 9,
  float16 = 10,
  float64 = 11,
  uint32 = 12,
  uint64 = 13,
};

struct OrtApi {
  void* slot_0;
  OrtErrorCode (*GetErrorCode)(const OrtStatus*);
  const char* (*GetErrorMessage)(const OrtStatus*);
  OrtStatus* (*CreateEnv)(OrtLoggingLevel, const char* log_id, OrtEnv**);
  void* slots_4_to_6[3];
  OrtStatus* (*CreateSession)(const OrtEnv*, const char* path, const OrtSessionOptions*,
                              OrtSession**);
  void* slot_8;
  OrtStatus* (*Run)(OrtSession*, const OrtRunOptions*, const char* const* input_names,
                    const OrtValue* const* inputs, std::size_t input_count,
                    const char* const* output_names, std::size_t output_count, OrtValue** outputs);
  OrtStatus* (*CreateSessionOptions)(OrtSessionOptions**);
  void* slots_11_to_22[12];
  OrtStatus* (*SetSessionGraphOptimizationLevel)(OrtSessionOptions*, OrtGraphOptimizationLevel);
  OrtStatus* (*SetIntraOpNumThreads)(OrtSessionOptions*, int);
  OrtStatus* (*SetInterOpNumThreads)(OrtSessionOptions*, int);
  void* slots_26_to_29[4];
  OrtStatus* (*SessionGetInputCount)(const OrtSession*, std::size_t*);
  OrtStatus* (*SessionGetOutputCount)(const OrtSession*, std::size_t*);
  void* slot_32;
  OrtStatus* (*SessionGetInputTypeInfo)(const OrtSession*, std::size_t index, OrtTypeInfo**);
  void* slots_34_to_35[2];
  OrtStatus* (*SessionGetInputName)(const OrtSession*, std::size_t index, OrtAllocator*, char**);
  OrtStatus* (*SessionGetOutputName)(const OrtSession*, std::size_t index, OrtAllocator*, char**);
  void* slots_38_to_48[11];
  // The value refers to `data` and does not own it.
  OrtStatus* (*CreateTensorWithDataAsOrtValue)(const OrtMemoryInfo*, void* data, std::size_t bytes,
                                               const std::int64_t* shape, std::size_t rank,
                                               OrtElementType, OrtValue**);
  void* slots_50_to_54[5];
  // Null where the type is no tensor. The result belongs to the type.
  OrtStatus* (*CastTypeInfoToTensorInfo)(const OrtTypeInfo*, const OrtTensorTypeAndShapeInfo**);
  void* slots_56_to_59[4];
  OrtStatus* (*GetTensorElementType)(const OrtTensorTypeAndShapeInfo*, OrtElementType*);
  OrtStatus* (*GetDimensionsCount)(const OrtTensorTypeAndShapeInfo*, std::size_t*);
  // A free dimension is -1.
  OrtStatus* (*GetDimensions)(const OrtTensorTypeAndShapeInfo*, std::int64_t*, std::size_t rank);
  // Empty where a dimension has no name. The texts belong to the type.
  OrtStatus* (*GetSymbolicDimensions)(const OrtTensorTypeAndShapeInfo*, const char**,
                                      std::size_t rank);
  void* slots_64_to_67[4];
  OrtStatus* (*CreateMemoryInfo)(const char* name, OrtAllocatorType, int device, OrtMemType,
                                 OrtMemoryInfo**);
  OrtStatus* (*CreateCpuMemoryInfo)(OrtAllocatorType, OrtMemType, OrtMemoryInfo**);
  void* slots_70_to_75[6];
  OrtStatus* (*AllocatorFree)(OrtAllocator*, void*);
  void* slot_77;
  OrtStatus* (*GetAllocatorWithDefaultOptions)(OrtAllocator**);  // the library's own; never freed
  void* slots_79_to_91[13];
  void (*ReleaseEnv)(OrtEnv*);
  void (*ReleaseStatus)(OrtStatus*);
  void (*ReleaseMemoryInfo)(OrtMemoryInfo*);
  void (*ReleaseSession)(OrtSession*);
  void (*ReleaseValue)(OrtValue*);
  void* slot_97;
  void (*ReleaseTypeInfo)(OrtTypeInfo*);
  void* slot_99;
  void (*ReleaseSessionOptions)(OrtSessionOptions*);
  void* slots_101_to_124[24];
  OrtStatus* (*GetAvailableProviders)(char*** names, int* count);
  OrtStatus* (*ReleaseAvailableProviders)(char** names, int count);
  void* slots_127_to_129[3];
  OrtStatus* (*AddSessionConfigEntry)(OrtSessionOptions*, const char* key, const char* value);
  void* slots_131_to_132[2];
  OrtStatus* (*RunWithBinding)(OrtSession*, const OrtRunOptions*, const OrtIoBinding*);
  OrtStatus* (*CreateIoBinding)(OrtSession*, OrtIoBinding**);
  void (*ReleaseIoBinding)(OrtIoBinding*);
  OrtStatus* (*BindInput)(OrtIoBinding*, const char* name, const OrtValue*);
  void* slot_137;
  OrtStatus* (*BindOutputToDevice)(OrtIoBinding*, const char* name, const OrtMemoryInfo*);
  void* slots_139_to_169[31];
  OrtStatus* (*SessionOptionsAppendExecutionProvider_TensorRT_V2)(
      OrtSessionOptions*, const OrtTensorRTProviderOptionsV2*);
  OrtStatus* (*CreateTensorRTProviderOptions)(OrtTensorRTProviderOptionsV2**);
  OrtStatus* (*UpdateTensorRTProviderOptions)(OrtTensorRTProviderOptionsV2*,
                                              const char* const* keys, const char* const* values,
                                              std::size_t count);
  void* slot_173;
  void (*ReleaseTensorRTProviderOptions)(OrtTensorRTProviderOptionsV2*);
  void* slots_175_to_201[27];
  OrtStatus* (*SynchronizeBoundInputs)(OrtIoBinding*);
  OrtStatus* (*SynchronizeBoundOutputs)(OrtIoBinding*);
  OrtStatus* (*SessionOptionsAppendExecutionProvider_CUDA_V2)(OrtSessionOptions*,
                                                              const OrtCUDAProviderOptionsV2*);
  OrtStatus* (*CreateCUDAProviderOptions)(OrtCUDAProviderOptionsV2**);
  OrtStatus* (*UpdateCUDAProviderOptions)(OrtCUDAProviderOptionsV2*, const char* const* keys,
                                          const char* const* values, std::size_t count);
  void* slot_207;
  void (*ReleaseCUDAProviderOptions)(OrtCUDAProviderOptionsV2*);
};

inline constexpr std::uint32_t newest_api = 11;
inline constexpr std::uint32_t oldest_api = 5;
inline constexpr std::uint32_t oldest_gpu_api = 11;

static_assert(offsetof(OrtApi, Run) == 9 * sizeof(void*));
static_assert(offsetof(OrtApi, CreateTensorWithDataAsOrtValue) == 49 * sizeof(void*));
static_assert(offsetof(OrtApi, ReleaseEnv) == 92 * sizeof(void*));
static_assert(offsetof(OrtApi, CreateMemoryInfo) == 68 * sizeof(void*));
static_assert(offsetof(OrtApi, GetAvailableProviders) == 125 * sizeof(void*));
static_assert(offsetof(OrtApi, AddSessionConfigEntry) == 130 * sizeof(void*));
static_assert(offsetof(OrtApi, RunWithBinding) == 133 * sizeof(void*));
static_assert(offsetof(OrtApi, BindOutputToDevice) == 138 * sizeof(void*));
static_assert(offsetof(OrtApi, CreateTensorRTProviderOptions) == 171 * sizeof(void*));
static_assert(offsetof(OrtApi, ReleaseTensorRTProviderOptions) == 174 * sizeof(void*));
static_assert(offsetof(OrtApi, SynchronizeBoundOutputs) == 203 * sizeof(void*));
static_assert(offsetof(OrtApi, ReleaseCUDAProviderOptions) == 208 * sizeof(void*));

struct OrtApiBase {
  // Null where the library is too old for this version of the table.
  const OrtApi* (*GetApi)(std::uint32_t version);
  const char* (*GetVersionString)();
};

using OrtGetApiBase = const OrtApiBase*();

}  // namespace wattfor::ort
