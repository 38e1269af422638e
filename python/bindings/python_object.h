#pragma once

#include <nanobind/nanobind.h>

#include <nlohmann/json.hpp>

namespace wattfor::python {

// A record's JSON form as Python's dict, list, str, float, int, bool and None. Bytes that are not
// UTF-8 become U+FFFD.
nanobind::object python_object(const nlohmann::json& json);

}  // namespace wattfor::python
