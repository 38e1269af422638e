#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "base/error.h"

namespace wattfor::c_api {

// A structure of options as this version knows it, from the caller's, which may be of another: what
// an older one lacks is 0, and what a newer one has besides must be 0. `least` is the size that it
// had in the first version. Throws Error.
template <class Options>
Options known_options(const Options* given, std::size_t least) {
  Options known{};
  if (given == nullptr) return known;
  const std::size_t size = given->struct_size;
  if (size < least || size > 4096) {
    throw Error(ErrorCode::usage,
                fmt::format("the options' struct_size is {}, expected {}: begin with their _INIT",
                            size, sizeof(Options)));
  }
  const auto* bytes = reinterpret_cast<const unsigned char*>(given);
  if (size > sizeof(Options) &&
      std::any_of(bytes + sizeof(Options), bytes + size, [](auto byte) { return byte != 0; })) {
    throw Error(ErrorCode::unsupported,
                "the options have a member that this version of libwattfor does not know: the "
                "program was compiled with a later one");
  }
  std::memcpy(&known, bytes, std::min(size, sizeof(Options)));
  return known;
}

}  // namespace wattfor::c_api
