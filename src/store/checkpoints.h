#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "measurement/measurement.h"
#include "store/process_identity.h"
#include "store/sqlite.h"
#include "store/store.h"
#include "units/quantity.h"

namespace wattfor {

// What a running measurement, or one whose process died, last said of itself.
struct Checkpoint {
  std::string id;
  ProcessIdentity process;
  Seconds saved{0.0};  // since boot, suspension included
  std::string record;  // JSON
};

std::vector<Checkpoint> read_checkpoints(const Database& database);
bool has_ended(const Checkpoint& checkpoint);
// What it holds, with its windows; nothing, and a warning, where it can't be read.
std::optional<Measurement> record_of(const Checkpoint& checkpoint, const Database& database);

// In a transaction that does not wait for the disk: a power cut may undo it, a killed process does
// not.
void write_checkpoint(Database& database, const Measurement& so_far,
                      std::span<const PlacedWindow> changed);
void drop_checkpoint(Database& database, const std::string& id);
// Of the same kind within the caller's transaction.
void delete_checkpoint(Database& database, const std::string& id);

}  // namespace wattfor
