#include "workers/onnxruntime/session.h"

#include <fmt/format.h>

#include "base/error.h"

namespace wattfor::ort {

Session::Session(const OrtApi& api, const std::string& model, const SessionSettings& settings)
    : api_(api),
      environment_(nullptr, api.ReleaseEnv),
      session_(nullptr, api.ReleaseSession),
      cpu_memory_(nullptr, api.ReleaseMemoryInfo),
      device_memory_(nullptr, api.ReleaseMemoryInfo) {
  environment_ = owned(api.ReleaseEnv, [&](OrtEnv** made) {
    check(api.CreateEnv(OrtLoggingLevel::error, "wattfor", made));
  });
  const auto options = owned(api.ReleaseSessionOptions, [&](OrtSessionOptions** made) {
    check(api.CreateSessionOptions(made));
  });
  check(api.SetIntraOpNumThreads(options.get(), settings.threads));
  check(api.SetInterOpNumThreads(options.get(), 1));
  check(api.SetSessionGraphOptimizationLevel(options.get(), settings.optimization));
  check(api.AddSessionConfigEntry(options.get(), "session.intra_op.allow_spinning",
                                  settings.spinning ? "1" : "0"));
  append_provider(api, options.get(), settings.provider, settings.precision);
  session_ = owned(api.ReleaseSession, [&](OrtSession** made) {
    check(api.CreateSession(environment_.get(), model.c_str(), options.get(), made));
  });
  cpu_memory_ = owned(api.ReleaseMemoryInfo, [&](OrtMemoryInfo** made) {
    check(api.CreateCpuMemoryInfo(OrtAllocatorType::device, OrtMemType::usual, made));
  });
  const char* memory = settings.provider.on_gpu() ? "Cuda" : "Cpu";
  device_memory_ = owned(api.ReleaseMemoryInfo, [&](OrtMemoryInfo** made) {
    check(api.CreateMemoryInfo(memory, OrtAllocatorType::device, settings.provider.device,
                               OrtMemType::usual, made));
  });

  OrtAllocator* allocator = nullptr;
  check(api.GetAllocatorWithDefaultOptions(&allocator));
  std::size_t count = 0;
  check(api.SessionGetInputCount(session_.get(), &count));
  for (std::size_t i = 0; i < count; ++i) inputs_.push_back(describe_input(i, allocator));
  check(api.SessionGetOutputCount(session_.get(), &count));
  for (std::size_t i = 0; i < count; ++i) {
    char* name = nullptr;
    check(api.SessionGetOutputName(session_.get(), i, allocator, &name));
    output_names_.push_back(adopt(name, allocator));
  }

  for (const TensorInput& input : inputs_) input_name_texts_.push_back(input.name.c_str());
  for (const std::string& name : output_names_) output_name_texts_.push_back(name.c_str());
  outputs_.resize(output_names_.size(), nullptr);
}

TensorInput Session::describe_input(std::size_t index, OrtAllocator* allocator) const {
  TensorInput input;
  char* name = nullptr;
  check(api_.SessionGetInputName(session_.get(), index, allocator, &name));
  input.name = adopt(name, allocator);
  const auto type = owned(api_.ReleaseTypeInfo, [&](OrtTypeInfo** made) {
    check(api_.SessionGetInputTypeInfo(session_.get(), index, made));
  });
  const OrtTensorTypeAndShapeInfo* tensor = nullptr;
  check(api_.CastTypeInfoToTensorInfo(type.get(), &tensor));
  if (tensor == nullptr) {
    throw Error(ErrorCode::unsupported,
                fmt::format("its input '{}' is no tensor; wattfor makes random inputs for tensors",
                            input.name));
  }
  check(api_.GetTensorElementType(tensor, &input.type));
  std::size_t rank = 0;
  check(api_.GetDimensionsCount(tensor, &rank));
  input.shape.resize(rank);
  check(api_.GetDimensions(tensor, input.shape.data(), rank));
  std::vector<const char*> names(rank, nullptr);
  check(api_.GetSymbolicDimensions(tensor, names.data(), rank));
  for (const char* each : names) input.dimension_names.emplace_back(each != nullptr ? each : "");
  return input;
}

Owned<OrtValue> Session::tensor(const TensorInput& input, std::span<const std::int64_t> shape,
                                std::span<std::byte> data) const {
  return owned(api_.ReleaseValue, [&](OrtValue** made) {
    check(api_.CreateTensorWithDataAsOrtValue(cpu_memory_.get(), data.data(), data.size(),
                                              shape.data(), shape.size(), input.type, made));
  });
}

void Session::run(std::span<const OrtValue* const> values) {
  OrtStatus* status =
      api_.Run(session_.get(), nullptr, input_name_texts_.data(), values.data(), values.size(),
               output_name_texts_.data(), outputs_.size(), outputs_.data());
  for (OrtValue*& output : outputs_) {
    if (output != nullptr) api_.ReleaseValue(output);
    output = nullptr;
  }
  check(status);
}

Binding Session::bind(std::span<const OrtValue* const> values) {
  Binding binding(api_, *session_, *device_memory_);
  for (std::size_t i = 0; i < values.size(); ++i) binding.bind_input(inputs_[i].name, *values[i]);
  for (const std::string& output : output_names_) binding.bind_output(output);
  return binding;
}

std::string Session::adopt(char* text, OrtAllocator* allocator) const {
  std::string copy = text;
  check(api_.AllocatorFree(allocator, text));
  return copy;
}

}  // namespace wattfor::ort
