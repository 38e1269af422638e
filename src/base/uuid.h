#pragma once

#include <string>

namespace wattfor {

// A random (version 4) UUID, from the kernel's random bytes.
std::string random_uuid();

}  // namespace wattfor
