#pragma once

#include <filesystem>
#include <optional>

#include "measurement/measurement.h"
#include "store/store.h"

namespace wattfor {

// Where a finished record is kept.
struct KeptRecord {
  std::filesystem::path file;  // the store, or a file of the record alone
  bool in_store = true;
  std::string failure = {};  // why it is not in the store
};

// Adds it to the store; where that fails, or there is none, writes it to `wattfor-ID.json` in the
// folder for temporary files, for `wattfor import`. Nothing where that fails, too.
std::optional<KeptRecord> keep(const Measurement& record, Store* store);

}  // namespace wattfor
