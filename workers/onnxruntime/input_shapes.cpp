#include "workers/onnxruntime/input_shapes.h"

#include <fmt/format.h>

#include <new>

#include "workers/onnxruntime/memory.h"
#include "workers/onnxruntime/random_tensor.h"

namespace wattfor::ort {
namespace {

[[noreturn]] void unsupported(const std::string& message) {
  throw Error(ErrorCode::unsupported, message);
}

}  // namespace

void fix_dimensions(TensorInput& input, const nlohmann::json& sizes) {
  if (!element_type(input.type)) {
    unsupported(
        fmt::format("its input '{}' holds text or another type that random values can't be "
                    "made for (ONNX element type {})",
                    input.name, static_cast<int>(input.type)));
  }
  if (input.shape.empty()) {
    unsupported(
        fmt::format("its input '{}' is a single number or has no known shape; expected the "
                    "batch as its first dimension. Export the model with its shapes",
                    input.name));
  }
  for (std::size_t i = 1; i < input.shape.size(); ++i) {
    if (input.shape[i] >= 0) continue;
    const std::string& name = input.dimension_names[i];
    const std::string place = fmt::format("{}.{}", input.name, i);
    for (const std::string& key : {place, name}) {
      if (!key.empty() && sizes.contains(key)) {
        input.shape[i] = option<std::int64_t>(sizes, key.c_str()).value_or(-1);
      }
    }
    if (input.shape[i] < 1) {
      unsupported(fmt::format(
          "its input '{}' leaves dimension {}{} free, and wattfor chooses the batch alone, the "
          "first dimension. Export the model with this dimension fixed, or give its size in the "
          "load option dimensions, e.g. {{\"{}\": 224}}",
          input.name, i, name.empty() ? "" : fmt::format(" ('{}')", name), place));
    }
  }
}

std::vector<std::int64_t> shape_for(const TensorInput& input, int batch) {
  std::vector<std::int64_t> shape = input.shape;
  if (shape[0] >= 0 && shape[0] != batch) {
    unsupported(
        fmt::format("the model's input '{}' has a fixed batch of {}, not {}; measure it "
                    "with --batch-sizes {}, or export it with a free first dimension",
                    input.name, shape[0], batch, shape[0]));
  }
  shape[0] = batch;
  return shape;
}

std::size_t bytes_of(std::span<const std::int64_t> shape, std::size_t element_bytes) {
  std::size_t bytes = element_bytes;
  for (const std::int64_t size : shape) {
    if (__builtin_mul_overflow(bytes, static_cast<std::size_t>(size), &bytes)) {
      throw std::bad_alloc();
    }
  }
  if (bytes > available_memory().value_or(bytes)) throw std::bad_alloc();
  return bytes;
}

}  // namespace wattfor::ort
