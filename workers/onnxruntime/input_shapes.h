#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <vector>

#include "base/error.h"
#include "workers/onnxruntime/session.h"

namespace wattfor::ort {

// One of the options of a load; nothing where it is not given. Throws Error{usage} for a value of
// another type.
template <class Value>
std::optional<Value> option(const nlohmann::json& options, const char* key) {
  const auto found = options.find(key);
  if (found == options.end()) return std::nullopt;
  try {
    return found->get<Value>();
  } catch (const nlohmann::json::exception&) {
    throw Error(ErrorCode::usage,
                fmt::format("the load option '{}' can't be {}", key, found->dump()));
  }
}

// Where the model leaves more than the batch free, the sizes come from the load option
// `dimensions`, by the dimension's name or by "input.index". Throws Error{unsupported} where one
// stays free, and for an input that random values can't be made for.
void fix_dimensions(TensorInput& input, const nlohmann::json& sizes);

// Throws Error{unsupported} where the model's batch is fixed at another size.
std::vector<std::int64_t> shape_for(const TensorInput& input, int batch);

// Throws std::bad_alloc where so many are not to be had.
std::size_t bytes_of(std::span<const std::int64_t> shape, std::size_t element_bytes);

}  // namespace wattfor::ort
