#include "workers/onnxruntime/provider.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <map>
#include <system_error>

#include "workers/onnxruntime/ort_call.h"

namespace wattfor::ort {
namespace {

struct ProviderName {
  std::string_view device;  // as the worker offers it
  ProviderKind kind;
  std::string_view name;  // the library's
};
constexpr std::array provider_names{
    ProviderName{"cpu", ProviderKind::cpu, "CPUExecutionProvider"},
    ProviderName{"cuda", ProviderKind::cuda, "CUDAExecutionProvider"},
    ProviderName{"tensorrt", ProviderKind::tensorrt, "TensorrtExecutionProvider"}};

using ProviderOptions = std::map<std::string, std::string>;

// The two lists that the library takes options in.
struct OptionLists {
  explicit OptionLists(const ProviderOptions& options) {
    for (const auto& [key, value] : options) {
      keys.push_back(key.c_str());
      values.push_back(value.c_str());
    }
  }
  std::vector<const char*> keys;
  std::vector<const char*> values;
};

void append_cuda(const OrtApi& api, OrtSessionOptions* options, int device) {
  const auto cuda = owned(api.ReleaseCUDAProviderOptions, [&](OrtCUDAProviderOptionsV2** made) {
    check(api, api.CreateCUDAProviderOptions(made));
  });
  const ProviderOptions wanted{{"device_id", std::to_string(device)}};
  const OptionLists lists(wanted);
  check(api, api.UpdateCUDAProviderOptions(cuda.get(), lists.keys.data(), lists.values.data(),
                                           lists.keys.size()));
  check(api, api.SessionOptionsAppendExecutionProvider_CUDA_V2(options, cuda.get()));
}

void append_tensorrt(const OrtApi& api, OrtSessionOptions* options, int device,
                     const std::string& precision) {
  const auto tensorrt =
      owned(api.ReleaseTensorRTProviderOptions, [&](OrtTensorRTProviderOptionsV2** made) {
        check(api, api.CreateTensorRTProviderOptions(made));
      });
  ProviderOptions wanted{{"device_id", std::to_string(device)}};
  if (precision == "fp16") wanted["trt_fp16_enable"] = "1";
  if (precision == "int8") wanted["trt_int8_enable"] = "1";
  const OptionLists lists(wanted);
  check(api, api.UpdateTensorRTProviderOptions(tensorrt.get(), lists.keys.data(),
                                               lists.values.data(), lists.keys.size()));
  check(api, api.SessionOptionsAppendExecutionProvider_TensorRT_V2(options, tensorrt.get()));
}

}  // namespace

std::optional<Provider> provider_of(const std::string& device) {
  const auto colon = device.find(':');
  const auto* name =
      std::ranges::find(provider_names, device.substr(0, colon), &ProviderName::device);
  if (name == provider_names.end()) return std::nullopt;
  if (colon == std::string::npos) return Provider{.kind = name->kind};
  int number = -1;
  const char* last = device.data() + device.size();
  const auto [end, error] = std::from_chars(device.data() + colon + 1, last, number);
  const bool valid = error == std::errc() && end == last && number >= 0;
  if (!valid || name->kind == ProviderKind::cpu) return std::nullopt;
  return Provider{.kind = name->kind, .device = number};
}

std::string_view name_of(ProviderKind kind) {
  return std::ranges::find(provider_names, kind, &ProviderName::kind)->name;
}

std::vector<std::string> available_providers(const OrtApi& api) {
  char** names = nullptr;
  int count = 0;
  check(api, api.GetAvailableProviders(&names, &count));
  const std::vector<std::string> copies(names, names + count);
  check(api, api.ReleaseAvailableProviders(names, count));
  return copies;
}

void append_provider(const OrtApi& api, OrtSessionOptions* options, const Provider& provider,
                     const std::string& precision) {
  if (!provider.on_gpu()) return;
  const std::string name(name_of(provider.kind));
  const auto available = available_providers(api);
  if (std::ranges::find(available, name) == available.end()) {
    throw ProviderUnavailable(
        ErrorCode::unsupported,
        fmt::format("this build of ONNX Runtime has no {}; it has: {}. Get one for CUDA with "
                    "`python3 -m pip install onnxruntime-gpu`",
                    name, fmt::join(available, ", ")));
  }
  try {
    if (provider.kind == ProviderKind::tensorrt) {
      append_tensorrt(api, options, provider.device, precision);
    }
    append_cuda(api, options, provider.device);
  } catch (const CallFailed& failure) {
    throw ProviderUnavailable(
        ErrorCode::unsupported,
        fmt::format("ONNX Runtime can't use its {}: {}; it needs the libraries of CUDA and cuDNN{} "
                    "of its version on the loader's path ($LD_LIBRARY_PATH)",
                    name, failure.what(),
                    provider.kind == ProviderKind::tensorrt ? " and TensorRT" : ""));
  }
}

}  // namespace wattfor::ort
