#include "measurement/measurement.h"

#include <fmt/format.h>

namespace wattfor {
namespace {

// A bar in a name can't pass for the separator.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '|' || c == '\\') result += '\\';
    result += c;
  }
  return result;
}

}  // namespace

std::string Cell::key() const {
  return fmt::format("{}|{}|{}|{}|{}|{}|{}|{}", escaped(model.name), escaped(model.sha256),
                     escaped(setup.id), batch_size, escaped(protocol), escaped(setup.precision),
                     replicates, seed);
}

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::done:
      return "done";
    case Outcome::skipped:
      return "skipped";
    case Outcome::failed:
      return "failed";
    case Outcome::interrupted:
      break;
  }
  return "interrupted";
}

std::string_view name_of(ProgramUse use) {
  switch (use) {
    case ProgramUse::compute:
      return "compute";
    case ProgramUse::graphics:
      return "graphics";
    case ProgramUse::unknown:
      break;
  }
  return "unknown";
}

}  // namespace wattfor
