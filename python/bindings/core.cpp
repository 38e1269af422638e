#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <exception>
#include <tuple>

#include "base/error.h"
#include "base/forks.h"
#include "bindings.h"
#include "log_lines.h"

namespace nb = nanobind;

namespace wattfor::python {
namespace {

PyObject* type_of(ErrorCode code, void* error_type) {
  switch (code) {
    case ErrorCode::usage:
    case ErrorCode::invalid_input:
      return PyExc_ValueError;
    case ErrorCode::not_found:
      return PyExc_FileNotFoundError;
    case ErrorCode::permission_denied:
      return PyExc_PermissionError;
    case ErrorCode::unsupported:
    case ErrorCode::timed_out:
    case ErrorCode::io:
      break;
  }
  return static_cast<PyObject*>(error_type);
}

void translate(const std::exception_ptr& thrown, void* error_type) {
  try {
    std::rethrow_exception(thrown);
  } catch (const Error& error) {
    PyErr_SetString(type_of(error.code(), error_type), error.what());
  }
}

}  // namespace

NB_MODULE(_core, module) {
  // What is still open as the interpreter ends is nothing to complain of.
  nb::set_leak_warnings(false);
  std::ignore = fork_generation();
  keep_log_lines();

  static PyObject* error_type =
      PyErr_NewException("wattfor._core.Error", PyExc_RuntimeError, nullptr);
  module.attr("Error") = nb::borrow(error_type);
  nb::register_exception_translator(translate, error_type);
  module.def("take_log_lines", take_log_lines);
  bind_measuring(module);
  bind_tracking(module);
  bind_judging(module);
}

}  // namespace wattfor::python
