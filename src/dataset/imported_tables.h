#pragma once

#include <vector>

#include "dataset/import_report.h"
#include "measurement/published.h"

namespace wattfor {

// What every reader of others' files answers: the records for the store, and what became of each
// row.
struct ImportedTables {
  std::vector<PublishedTable> tables;  // one a file
  std::vector<ReadTable> read;         // what became of each
  std::vector<LeftOut> left_out;
};

}  // namespace wattfor
