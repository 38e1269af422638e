#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

#include "store/sqlite.h"
#include "store/store.h"

namespace wattfor {

// Marks an SQLite file as a wattfor store in its header: "Watt" in ASCII.
inline constexpr std::int32_t store_application_id = 0x57617474;

// One numbered step of the schema.
struct Migration {
  std::string_view file;  // "0001_records.sql"; the numbers run from 1 without a gap
  std::string_view sql;
};

// The steps that this program knows.
std::span<const Migration> store_migrations();

// A connection to a store with the newest of `migrations`' schemas. A missing or older one is made
// so in one transaction: it is there whole or not at all. Reading touches no file: an older store
// is brought up to date in memory. Throws Error where the file is no store or is newer than the
// migrations; such a file is not touched.
Database open_store(const std::filesystem::path& path, StoreAccess access,
                    std::span<const Migration> migrations = store_migrations());

}  // namespace wattfor
