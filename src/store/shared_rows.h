#pragma once

#include <cstdint>

#include "measurement/measurement.h"
#include "store/sqlite.h"

namespace wattfor {

// The rows that many records refer to, made where there are none, within the caller's transaction.
// Prepared once for many.
class SharedRows {
 public:
  explicit SharedRows(Database& database);

  // Keyed by file and hash: what was said of it first stays.
  std::int64_t source(const Source& source);
  std::int64_t setup(const Setup& setup);
  std::int64_t model(const Model& model);

 private:
  Database& database_;
  Statement find_setup_;
  Statement insert_setup_;
  Statement find_model_;
  Statement insert_model_;
  Statement find_source_;
  Statement insert_source_;
};

}  // namespace wattfor
