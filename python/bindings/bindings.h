#pragma once

#include <nanobind/nanobind.h>

namespace wattfor::python {

// Each puts its part into the module.
void bind_measuring(nanobind::module_& module);
void bind_tracking(nanobind::module_& module);
void bind_judging(nanobind::module_& module);

}  // namespace wattfor::python
