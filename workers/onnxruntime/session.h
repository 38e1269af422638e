#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "workers/onnxruntime/ort_api.h"

namespace wattfor::ort {

// What a call into the library failed for, in the library's words.
class CallFailed : public Error {
 public:
  CallFailed(OrtErrorCode code, const std::string& message);

  OrtErrorCode ort_code() const { return ort_code_; }
  // True where an allocation was refused. The library has no code of its own for that.
  bool out_of_memory() const;

 private:
  OrtErrorCode ort_code_;
};

// Owns an object of the library.
template <class Object>
using Owned = std::unique_ptr<Object, void (*)(Object*)>;

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
};

// A model, loaded and optimised, on the CPU. Calls throw CallFailed.
class Session {
 public:
  Session(const OrtApi& api, const std::string& model, const SessionSettings& settings);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Throws Error{unsupported} where an input is no tensor.
  const std::vector<TensorInput>& inputs() const { return inputs_; }

  // Refers to `data`, which has to outlive it.
  Owned<OrtValue> tensor(const TensorInput& input, std::span<const std::int64_t> shape,
                         std::span<std::byte> data) const;

  // Runs the model once on `values`, one for each of inputs(), and drops what it puts out.
  void run(std::span<const OrtValue* const> values);

 private:
  void check(OrtStatus* status) const;
  TensorInput describe_input(std::size_t index, OrtAllocator* allocator) const;
  // Takes the text over from the library.
  std::string adopt(char* text, OrtAllocator* allocator) const;

  const OrtApi& api_;
  Owned<OrtEnv> environment_;
  Owned<OrtSession> session_;
  Owned<OrtMemoryInfo> cpu_memory_;
  std::vector<TensorInput> inputs_;
  std::vector<std::string> output_names_;
  // As run() hands them over: made once, because a run can be as short as 2 µs.
  std::vector<const char*> input_name_texts_;
  std::vector<const char*> output_name_texts_;
  std::vector<OrtValue*> outputs_;
};

}  // namespace wattfor::ort
