#include "python_object.h"

#include <cstdint>
#include <string>

namespace nb = nanobind;

namespace wattfor::python {
namespace {

nb::object python_text(const std::string& text) {
  PyObject* decoded =
      PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "replace");
  if (decoded == nullptr) throw nb::python_error();
  return nb::steal(decoded);
}

}  // namespace

nb::object python_object(const nlohmann::json& json) {
  using Kind = nlohmann::json::value_t;
  switch (json.type()) {
    case Kind::object: {
      nb::dict object;
      for (const auto& [key, value] : json.items()) {
        object[python_text(key)] = python_object(value);
      }
      return object;
    }
    case Kind::array: {
      nb::list list;
      for (const auto& value : json) list.append(python_object(value));
      return list;
    }
    case Kind::string:
      return python_text(json.get_ref<const std::string&>());
    case Kind::boolean:
      return nb::bool_(json.get<bool>());
    case Kind::number_integer:
      return nb::int_(json.get<std::int64_t>());
    case Kind::number_unsigned:
      return nb::int_(json.get<std::uint64_t>());
    case Kind::number_float:
      return nb::float_(json.get<double>());
    case Kind::null:
    case Kind::binary:
    case Kind::discarded:
      break;
  }
  return nb::none();
}

}  // namespace wattfor::python
