#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// Just enough of the ONNX format (onnx.proto) to write a model of one operator, so that a test
// shows the shape and type it is about.
namespace wattfor::test {

// A fixed size, or the name of a free dimension (which may be empty).
using OnnxDimension = std::variant<int, std::string>;

struct OnnxModel {
  int element_type = 1;  // TensorProto.DataType: 1 float32, 7 int64, 8 string, 10 float16
  std::vector<OnnxDimension> shape{"batch", 1, 8, 8};
  std::string operator_name = "Identity";
  int opset = 13;
};

// Protocol buffers: a field is its number, a wire type (0 varint, 2 bytes with their length) and
// value.
inline std::string varint(std::uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>(value | 0x80);
  return bytes + static_cast<char>(value);
}
inline std::string field(int number, std::uint64_t value) {
  return varint(static_cast<std::uint64_t>(number) << 3) + varint(value);
}
inline std::string field(int number, std::string_view bytes) {
  return varint(static_cast<std::uint64_t>(number) << 3 | 2) + varint(bytes.size()) +
         std::string(bytes);
}

// The bytes of a model `y = operator(x)`.
inline std::string onnx_file(const OnnxModel& model) {
  std::string shape;
  for (const OnnxDimension& dimension : model.shape) {
    const auto* size = std::get_if<int>(&dimension);
    shape += field(1, size != nullptr ? field(1, static_cast<std::uint64_t>(*size))
                                      : field(2, std::get<std::string>(dimension)));
  }
  const std::string tensor =
      field(1, static_cast<std::uint64_t>(model.element_type)) + field(2, shape);
  const auto value = [&](std::string_view name) {
    return field(1, name) + field(2, field(1, tensor));
  };
  const std::string node = field(1, "x") + field(2, "y") + field(4, model.operator_name);
  const std::string graph =
      field(1, node) + field(2, "graph") + field(11, value("x")) + field(12, value("y"));
  const std::string opset = field(1, "") + field(2, static_cast<std::uint64_t>(model.opset));
  return field(1, 8) + field(7, graph) + field(8, opset);
}

}  // namespace wattfor::test
