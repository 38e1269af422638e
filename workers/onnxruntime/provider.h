#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "workers/onnxruntime/ort_api.h"

namespace wattfor::ort {

// An execution provider of ONNX Runtime's, which the worker offers as a device.
enum class ProviderKind { cpu, cuda, tensorrt };

struct Provider {
  ProviderKind kind = ProviderKind::cpu;
  int device = 0;  // CUDA's number of the GPU

  bool on_gpu() const { return kind != ProviderKind::cpu; }
};

// "cpu", "cuda", "cuda:1", "tensorrt:0"; nothing for anything else.
std::optional<Provider> provider_of(const std::string& device);

// "CUDAExecutionProvider"
std::string_view name_of(ProviderKind kind);

// What this build of the library has.
std::vector<std::string> available_providers(const OrtApi& api);

// The provider can't be had, whatever the model.
class ProviderUnavailable : public Error {
  using Error::Error;
};

// Lets the session run where `provider` says, and the rest of a model that TensorRT does not take
// on CUDA. `precision` is what TensorRT may compute in beside single precision: fp16, int8. Throws
// ProviderUnavailable where the library lacks the provider or can't open what that needs.
void append_provider(const OrtApi& api, OrtSessionOptions* options, const Provider& provider,
                     const std::string& precision);

}  // namespace wattfor::ort
