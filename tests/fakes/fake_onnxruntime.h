#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace wattfor::test {

// What the library that imitates ONNX Runtime with GPUs has, and what it has been asked. A model is
// any file; it has one input x of floats, [batch, 4], and one output y of the same shape.
struct FakeOnnxRuntime {
  std::vector<std::string> providers{"TensorrtExecutionProvider", "CUDAExecutionProvider",
                                     "CPUExecutionProvider"};
  unsigned newest_table = 24;  // the highest version that GetApi() knows
  int gpus = 2;
  std::size_t device_bytes = std::size_t{1} << 20;  // of each GPU, for tensors
  std::string failing;                              // the function that answers an error

  // What happened, one word each: "append CUDA device_id=1", "copy to 1", "run", "synchronise", …
  std::vector<std::string> events;
  std::map<std::string, int> open;  // objects that were not given back, by kind
  int tables_asked = 0;

  int still_open() const {
    int sum = 0;
    for (const auto& [kind, count] : open) sum += count;
    return sum;
  }
};

}  // namespace wattfor::test
