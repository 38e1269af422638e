// Any bytes as a line that a program marks its run with: it is a mark or refused with a reason of
// bounded length, and what it tells of a training is valid.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <variant>

#include "base/error.h"
#include "measurement/validity.h"
#include "tracking/mark.h"
#include "tracking/told_facts.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  try {
    const wattfor::ProgramMark mark = wattfor::parse_mark(line);
    if (const auto* fact = std::get_if<wattfor::mark::Fact>(&mark)) {
      wattfor::Measurement record;
      record.id = "id";
      record.started_at = "2026-01-31T12:00:00Z";
      wattfor::tell(record.training.emplace(), fact->word, fact->value);
      wattfor::require_valid(record);
    }
  } catch (const wattfor::Error& error) {
    constexpr std::size_t longest_reason = 1000;
    require(std::string_view(error.what()).size() < longest_reason);
  }
  return 0;
}
