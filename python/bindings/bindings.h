#pragma once

#include <nanobind/nanobind.h>

namespace wattfor::python {

// Has Ctrl-C heard in a wait without the interpreter's lock.
void raise_interrupts();

// Each puts its part into the module.
void bind_measuring(nanobind::module_& module);
void bind_tracking(nanobind::module_& module);
void bind_judging(nanobind::module_& module);

}  // namespace wattfor::python
