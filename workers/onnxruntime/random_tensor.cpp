#include "workers/onnxruntime/random_tensor.h"

#include <array>
#include <bit>
#include <cstring>

namespace wattfor::ort {
namespace {

constexpr std::array element_types{ElementType{OrtElementType::float32, "float32", 4},
                                   ElementType{OrtElementType::uint8, "uint8", 1},
                                   ElementType{OrtElementType::int8, "int8", 1},
                                   ElementType{OrtElementType::uint16, "uint16", 2},
                                   ElementType{OrtElementType::int16, "int16", 2},
                                   ElementType{OrtElementType::int32, "int32", 4},
                                   ElementType{OrtElementType::int64, "int64", 8},
                                   ElementType{OrtElementType::boolean, "bool", 1},
                                   ElementType{OrtElementType::float16, "float16", 2},
                                   ElementType{OrtElementType::float64, "float64", 8},
                                   ElementType{OrtElementType::uint32, "uint32", 4},
                                   ElementType{OrtElementType::uint64, "uint64", 8}};

// SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014): one
// addition and a mix per number, so that filling a large batch takes no longer than writing it.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  // The top `count` bits of the next number.
  std::uint64_t bits(int count) {
    state_ += 0x9e3779b97f4a7c15;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    return (mixed ^ (mixed >> 31)) >> (64 - count);
  }

 private:
  std::uint64_t state_;
};

// The IEEE 754 half precision number numerator / 2^11, which is exact.
std::uint16_t half_of(unsigned numerator) {
  if (numerator == 0) return 0;
  const auto width = static_cast<unsigned>(std::bit_width(numerator));
  const unsigned exponent = width - 1 - 11 + 15;
  const unsigned fraction = (numerator << (11 - width)) & 0x3ffU;
  return static_cast<std::uint16_t>(exponent << 10 | fraction);
}

template <class Element, class Next>
void fill(std::span<std::byte> elements, Next next) {
  for (std::size_t at = 0; at + sizeof(Element) <= elements.size(); at += sizeof(Element)) {
    const Element element = next();
    std::memcpy(elements.data() + at, &element, sizeof element);
  }
}

}  // namespace

std::optional<ElementType> element_type(OrtElementType code) {
  for (const ElementType& type : element_types) {
    if (type.code == code) return type;
  }
  return std::nullopt;
}

void fill_random(std::span<std::byte> elements, OrtElementType type, std::uint64_t seed) {
  Random random(seed);
  const auto bit = [&random] { return random.bits(1); };
  switch (type) {
    case OrtElementType::float32:
      return fill<float>(elements, [&] { return static_cast<float>(random.bits(24)) * 0x1p-24F; });
    case OrtElementType::float64:
      return fill<double>(elements, [&] { return static_cast<double>(random.bits(53)) * 0x1p-53; });
    case OrtElementType::float16:
      return fill<std::uint16_t>(elements,
                                 [&] { return half_of(static_cast<unsigned>(random.bits(11))); });
    case OrtElementType::uint8:
    case OrtElementType::int8:
      return fill<std::uint8_t>(elements,
                                [&] { return static_cast<std::uint8_t>(random.bits(8)); });
    case OrtElementType::boolean:
      return fill<std::uint8_t>(elements, [&] { return static_cast<std::uint8_t>(bit()); });
    case OrtElementType::uint16:
    case OrtElementType::int16:
      return fill<std::uint16_t>(elements, [&] { return static_cast<std::uint16_t>(bit()); });
    case OrtElementType::int32:
    case OrtElementType::uint32:
      return fill<std::uint32_t>(elements, [&] { return static_cast<std::uint32_t>(bit()); });
    case OrtElementType::int64:
    case OrtElementType::uint64:
      return fill<std::uint64_t>(elements, bit);
    case OrtElementType::string:
    case OrtElementType::undefined:
      return;
  }
}

}  // namespace wattfor::ort
