#pragma once

#include <cstdlib>
#include <filesystem>

namespace wattfor::test {

// The folder of what others published and this repository does not carry: $WATTFOR_TEST_DATA, or
// ../shared/data beside it. It need not be there.
inline std::filesystem::path published_data() {
  const char* named = std::getenv("WATTFOR_TEST_DATA");
  return named != nullptr ? named : WATTFOR_TEST_DATA;
}

}  // namespace wattfor::test
