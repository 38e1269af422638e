#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "workers/onnxruntime/binding.h"
#include "workers/onnxruntime/ort_api.h"
#include "workers/onnxruntime/ort_call.h"
#include "workers/onnxruntime/provider.h"

namespace wattfor::ort {

struct TensorInput {
  std::string name;
  OrtElementType type = OrtElementType::undefined;
  std::vector<std::int64_t> shape;           // -1: free
  std::vector<std::string> dimension_names;  // empty where it has none
};

struct SessionSettings {
  int threads = 1;  // of one operator; operators run one after the other
  bool spinning = true;
  OrtGraphOptimizationLevel optimization = OrtGraphOptimizationLevel::all;
  Provider provider = {};
  std::string precision = "fp32";  // see append_provider()
};

// A model, loaded and optimised. Calls throw CallFailed.
class Session {
 public:
  // Throws ProviderUnavailable, too.
  Session(const OrtApi& api, const std::string& model, const SessionSettings& settings);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Throws Error{unsupported} where an input is no tensor.
  const std::vector<TensorInput>& inputs() const { return inputs_; }

  // In the host's memory. Refers to `data`, which has to outlive it.
  Owned<OrtValue> tensor(const TensorInput& input, std::span<const std::int64_t> shape,
                         std::span<std::byte> data) const;

  // Runs the model once on `values`, one for each of inputs(), and drops what it puts out.
  void run(std::span<const OrtValue* const> values);

  // The same values on the session's device, to be run there; has to end before the session.
  Binding bind(std::span<const OrtValue* const> values);

 private:
  void check(OrtStatus* status) const { ort::check(api_, status); }
  TensorInput describe_input(std::size_t index, OrtAllocator* allocator) const;
  // Takes the text over from the library.
  std::string adopt(char* text, OrtAllocator* allocator) const;

  const OrtApi& api_;
  Owned<OrtEnv> environment_;
  Owned<OrtSession> session_;
  Owned<OrtMemoryInfo> cpu_memory_;
  Owned<OrtMemoryInfo> device_memory_;
  std::vector<TensorInput> inputs_;
  std::vector<std::string> output_names_;
  // As run() hands them over: made once, because a run can be as short as 2 µs.
  std::vector<const char*> input_name_texts_;
  std::vector<const char*> output_name_texts_;
  std::vector<OrtValue*> outputs_;
};

}  // namespace wattfor::ort
