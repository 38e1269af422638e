#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "measurement/measurement.h"
#include "store/store.h"

namespace wattfor {

// Where a finished record is kept.
struct KeptRecord {
  std::filesystem::path file;  // the store, or a file of the record alone
  std::string id;              // of the record there
  bool in_store = true;
  std::string failure = {};  // why it is not in the store
};

// Adds it to the store; where that fails, or there is none, writes it to `wattfor-ID.json` in the
// folder for temporary files, for `wattfor import`. Where there is a store it has another id there:
// the store may hold a checkpoint of it, which becomes an interrupted record. Nothing where that
// fails, too.
std::optional<KeptRecord> keep(const Measurement& record, Store* store);

}  // namespace wattfor
