#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "workers/onnxruntime/ort_api.h"

namespace wattfor::ort {

// How the protocol names an element type; nothing for those that have no random values (string).
struct ElementType {
  OrtElementType code = OrtElementType::undefined;
  std::string_view name;  // "float32"
  std::size_t bytes = 0;
};
std::optional<ElementType> element_type(OrtElementType code);

// Random elements that any model can take, the same for the same seed on every machine: floating
// point uniform in [0, 1), as pixels are; 8-bit integers over their whole range; wider integers and
// booleans 0 or 1, as they mostly are masks or indices whose range the model does not tell.
void fill_random(std::span<std::byte> elements, OrtElementType type, std::uint64_t seed);

}  // namespace wattfor::ort
