// A library that imitates ONNX Runtime as far as workers/onnxruntime/ort_api.h declares it, with
// GPUs: tensors that are bound are copied to a device of a given size, a run needs all of its
// inputs there, and a provider that was not appended is not used.

#include "fakes/fake_onnxruntime.h"

#include <cstdint>
#include <cstring>
#include <numeric>
#include <string>

#include "workers/onnxruntime/ort_api.h"

// The real library's types, which are declared and never defined.
namespace wattfor::ort {
struct OrtStatus {
  OrtErrorCode code;
  std::string message;
};
struct OrtEnv {};
struct OrtSessionOptions {
  std::string provider = "CPU";
  int device = 0;
};
struct OrtSession {
  OrtSessionOptions options;
};
struct OrtMemoryInfo {
  std::string name;
  int device;
};
struct OrtTypeInfo {};
struct OrtTensorTypeAndShapeInfo {};
struct OrtAllocator {};
struct OrtValue {
  const void* data;
  std::vector<std::int64_t> shape;
  std::size_t bytes;
};
struct OrtCUDAProviderOptionsV2 {
  std::map<std::string, std::string> values;
};
struct OrtTensorRTProviderOptionsV2 {
  std::map<std::string, std::string> values;
};
struct OrtIoBinding {
  OrtSession* session;
  std::map<std::string, std::vector<std::byte>> inputs;  // on the device
  std::map<std::string, OrtMemoryInfo> outputs;
};
}  // namespace wattfor::ort

namespace {

using namespace wattfor::ort;  // NOLINT(google-build-using-namespace)

wattfor::test::FakeOnnxRuntime& state() {
  static wattfor::test::FakeOnnxRuntime the_state;
  return the_state;
}

void note(const std::string& event) { state().events.push_back(event); }

constexpr OrtErrorCode failed{1};

OrtStatus* refuse(const std::string& message) {
  ++state().open["status"];
  return new OrtStatus{failed, message};
}

// The error that a test has asked for, or success.
OrtStatus* answer(const char* function) {
  return state().failing == function ? refuse(std::string(function) + " failed") : nullptr;
}

template <class Object>
OrtStatus* give(const char* function, const char* kind, Object** made, Object object = {}) {
  if (OrtStatus* status = answer(function)) return status;
  *made = new Object(std::move(object));
  ++state().open[kind];
  return nullptr;
}

template <class Object>
void take_back(const char* kind, Object* object) {
  if (object == nullptr) return;
  --state().open[kind];
  delete object;
}

char* text_of(const char* text) {
  ++state().open["text"];
  return ::strdup(text);
}

OrtStatus* append(OrtSessionOptions* options, const char* provider,
                  const std::map<std::string, std::string>& values) {
  std::string event = std::string("append ") + provider;
  for (const auto& [key, value] : values) event.append(" ").append(key).append("=").append(value);
  note(event);
  if (options->provider == "CPU") options->provider = provider;
  options->device = std::stoi(values.at("device_id"));
  return nullptr;
}

template <class Options>
OrtStatus* update(Options* options, const char* const* keys, const char* const* values,
                  std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) options->values[keys[i]] = values[i];
  return nullptr;
}

OrtStatus* no_memory(std::size_t bytes) {
  return refuse(
      "bfc_arena.cc:376 AllocateRawInternal Failed to allocate memory for requested buffer of "
      "size " +
      std::to_string(bytes));
}

OrtApi make_table() {
  OrtApi api{};
  api.GetErrorCode = [](const OrtStatus* status) { return status->code; };
  api.GetErrorMessage = [](const OrtStatus* status) { return status->message.c_str(); };
  api.ReleaseStatus = [](OrtStatus* status) { take_back("status", status); };
  api.CreateEnv = [](OrtLoggingLevel, const char*, OrtEnv** made) {
    return give("CreateEnv", "environment", made);
  };
  api.ReleaseEnv = [](OrtEnv* each) { take_back("environment", each); };
  api.CreateSessionOptions = [](OrtSessionOptions** made) {
    return give("CreateSessionOptions", "options", made);
  };
  api.ReleaseSessionOptions = [](OrtSessionOptions* each) { take_back("options", each); };
  api.SetIntraOpNumThreads = [](OrtSessionOptions*, int) -> OrtStatus* { return nullptr; };
  api.SetInterOpNumThreads = [](OrtSessionOptions*, int) -> OrtStatus* { return nullptr; };
  api.SetSessionGraphOptimizationLevel =
      [](OrtSessionOptions*, OrtGraphOptimizationLevel) -> OrtStatus* { return nullptr; };
  api.AddSessionConfigEntry = [](OrtSessionOptions*, const char*, const char*) -> OrtStatus* {
    return nullptr;
  };
  api.CreateSession = [](const OrtEnv*, const char*, const OrtSessionOptions* options,
                         OrtSession** made) -> OrtStatus* {
    if (options->provider != "CPU" && options->device >= state().gpus) {
      return refuse("CUDA failure 101: invalid device ordinal ; GPU=" +
                    std::to_string(options->device));
    }
    note("session on " + options->provider);
    return give("CreateSession", "session", made, OrtSession{*options});
  };
  api.ReleaseSession = [](OrtSession* each) { take_back("session", each); };

  api.GetAllocatorWithDefaultOptions = [](OrtAllocator** allocator) -> OrtStatus* {
    static OrtAllocator the_allocator;
    *allocator = &the_allocator;
    return nullptr;
  };
  api.AllocatorFree = [](OrtAllocator*, void* text) -> OrtStatus* {
    --state().open["text"];
    std::free(text);  // NOLINT(cppcoreguidelines-no-malloc)
    return nullptr;
  };
  api.SessionGetInputCount = [](const OrtSession*, std::size_t* count) -> OrtStatus* {
    *count = 1;
    return nullptr;
  };
  api.SessionGetOutputCount = api.SessionGetInputCount;
  api.SessionGetInputName = [](const OrtSession*, std::size_t, OrtAllocator*,
                               char** name) -> OrtStatus* {
    *name = text_of("x");
    return nullptr;
  };
  api.SessionGetOutputName = [](const OrtSession*, std::size_t, OrtAllocator*,
                                char** name) -> OrtStatus* {
    *name = text_of("y");
    return nullptr;
  };
  api.SessionGetInputTypeInfo = [](const OrtSession*, std::size_t, OrtTypeInfo** made) {
    return give("SessionGetInputTypeInfo", "type", made);
  };
  api.ReleaseTypeInfo = [](OrtTypeInfo* each) { take_back("type", each); };
  api.CastTypeInfoToTensorInfo = [](const OrtTypeInfo*,
                                    const OrtTensorTypeAndShapeInfo** tensor) -> OrtStatus* {
    static const OrtTensorTypeAndShapeInfo the_tensor;
    *tensor = &the_tensor;
    return nullptr;
  };
  api.GetTensorElementType = [](const OrtTensorTypeAndShapeInfo*,
                                OrtElementType* type) -> OrtStatus* {
    *type = OrtElementType::float32;
    return nullptr;
  };
  api.GetDimensionsCount = [](const OrtTensorTypeAndShapeInfo*, std::size_t* count) -> OrtStatus* {
    *count = 2;
    return nullptr;
  };
  api.GetDimensions = [](const OrtTensorTypeAndShapeInfo*, std::int64_t* sizes,
                         std::size_t) -> OrtStatus* {
    sizes[0] = -1;
    sizes[1] = 4;
    return nullptr;
  };
  api.GetSymbolicDimensions = [](const OrtTensorTypeAndShapeInfo*, const char** names,
                                 std::size_t) -> OrtStatus* {
    names[0] = "batch";
    names[1] = "";
    return nullptr;
  };

  api.CreateCpuMemoryInfo = [](OrtAllocatorType, OrtMemType, OrtMemoryInfo** made) {
    return give("CreateCpuMemoryInfo", "memory", made, OrtMemoryInfo{"Cpu", 0});
  };
  api.CreateMemoryInfo = [](const char* name, OrtAllocatorType, int device, OrtMemType,
                            OrtMemoryInfo** made) {
    return give("CreateMemoryInfo", "memory", made, OrtMemoryInfo{name, device});
  };
  api.ReleaseMemoryInfo = [](OrtMemoryInfo* each) { take_back("memory", each); };
  api.CreateTensorWithDataAsOrtValue = [](const OrtMemoryInfo*, void* data, std::size_t bytes,
                                          const std::int64_t* shape, std::size_t rank,
                                          OrtElementType, OrtValue** made) {
    return give("CreateTensorWithDataAsOrtValue", "value", made,
                OrtValue{data, {shape, shape + rank}, bytes});
  };
  api.ReleaseValue = [](OrtValue* each) { take_back("value", each); };
  api.Run = [](OrtSession* session, const OrtRunOptions*, const char* const*,
               const OrtValue* const*, std::size_t, const char* const*, std::size_t,
               OrtValue**) -> OrtStatus* {
    note("run with copies on " + session->options.provider);
    return nullptr;
  };

  api.GetAvailableProviders = [](char*** names, int* count) -> OrtStatus* {
    if (OrtStatus* status = answer("GetAvailableProviders")) return status;
    *count = static_cast<int>(state().providers.size());
    *names = new char*[state().providers.size()];
    for (int i = 0; i < *count; ++i) {
      (*names)[i] = text_of(state().providers[static_cast<std::size_t>(i)].c_str());
    }
    return nullptr;
  };
  api.ReleaseAvailableProviders = [](char** names, int count) -> OrtStatus* {
    for (int i = 0; i < count; ++i) {
      --state().open["text"];
      std::free(names[i]);  // NOLINT(cppcoreguidelines-no-malloc)
    }
    delete[] names;
    return nullptr;
  };
  api.CreateCUDAProviderOptions = [](OrtCUDAProviderOptionsV2** made) {
    return give("CreateCUDAProviderOptions", "CUDA options", made);
  };
  api.UpdateCUDAProviderOptions = update<OrtCUDAProviderOptionsV2>;
  api.ReleaseCUDAProviderOptions = [](OrtCUDAProviderOptionsV2* each) {
    take_back("CUDA options", each);
  };
  api.SessionOptionsAppendExecutionProvider_CUDA_V2 =
      [](OrtSessionOptions* options, const OrtCUDAProviderOptionsV2* cuda) -> OrtStatus* {
    if (OrtStatus* status = answer("append CUDA")) return status;
    return append(options, "CUDA", cuda->values);
  };
  api.CreateTensorRTProviderOptions = [](OrtTensorRTProviderOptionsV2** made) {
    return give("CreateTensorRTProviderOptions", "TensorRT options", made);
  };
  api.UpdateTensorRTProviderOptions = update<OrtTensorRTProviderOptionsV2>;
  api.ReleaseTensorRTProviderOptions = [](OrtTensorRTProviderOptionsV2* each) {
    take_back("TensorRT options", each);
  };
  api.SessionOptionsAppendExecutionProvider_TensorRT_V2 =
      [](OrtSessionOptions* options, const OrtTensorRTProviderOptionsV2* tensorrt) -> OrtStatus* {
    if (OrtStatus* status = answer("append TensorRT")) return status;
    return append(options, "TensorRT", tensorrt->values);
  };

  api.CreateIoBinding = [](OrtSession* session, OrtIoBinding** made) {
    return give("CreateIoBinding", "binding", made, OrtIoBinding{session, {}, {}});
  };
  api.ReleaseIoBinding = [](OrtIoBinding* each) { take_back("binding", each); };
  api.BindInput = [](OrtIoBinding* binding, const char* name, const OrtValue* value) -> OrtStatus* {
    // Outputs are as large as inputs here, and want room beside them.
    if (2 * value->bytes > state().device_bytes) return no_memory(value->bytes);
    const auto* bytes = static_cast<const std::byte*>(value->data);
    binding->inputs[name] = {bytes, bytes + value->bytes};
    note("copy " + std::to_string(value->bytes) + " bytes to " +
         std::to_string(binding->session->options.device));
    return nullptr;
  };
  api.SynchronizeBoundInputs = [](OrtIoBinding*) -> OrtStatus* {
    note("inputs are there");
    return nullptr;
  };
  api.BindOutputToDevice = [](OrtIoBinding* binding, const char* name,
                              const OrtMemoryInfo* memory) -> OrtStatus* {
    binding->outputs.insert_or_assign(name, *memory);
    note(std::string("output ") + name + " in " + memory->name + " " +
         std::to_string(memory->device));
    return nullptr;
  };
  api.RunWithBinding = [](OrtSession* session, const OrtRunOptions*,
                          const OrtIoBinding* binding) -> OrtStatus* {
    if (OrtStatus* status = answer("RunWithBinding")) return status;
    if (!binding->inputs.contains("x")) return refuse("Missing Input: x");
    if (!binding->outputs.contains("y")) return refuse("At least one output should be requested.");
    note("run on " + session->options.provider);
    return nullptr;
  };
  api.SynchronizeBoundOutputs = [](OrtIoBinding*) -> OrtStatus* {
    note("outputs are there");
    return nullptr;
  };
  return api;
}

}  // namespace

extern "C" {

wattfor::test::FakeOnnxRuntime* fake_onnxruntime_state() { return &state(); }

const wattfor::ort::OrtApiBase* OrtGetApiBase() {
  static const wattfor::ort::OrtApi table = make_table();
  static const wattfor::ort::OrtApiBase base{
      .GetApi = [](std::uint32_t version) -> const wattfor::ort::OrtApi* {
        ++state().tables_asked;
        return version <= state().newest_table ? &table : nullptr;
      },
      .GetVersionString = [] { return "1.24.0"; }};
  return &base;
}

}  // extern "C"
