// Any bytes as marks: read or refused, and no mark ends before it starts.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/error.h"
#include "recording/marks.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    for (const wattfor::Mark& mark : wattfor::read_marks(text, "marks.csv")) {
      if (mark.end() < mark.start()) std::abort();
    }
  } catch (const wattfor::Error&) {
    return 0;
  }
  return 0;
}
