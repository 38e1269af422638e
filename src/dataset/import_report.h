#pragma once

#include <string>
#include <vector>

namespace wattfor {

// A row, or a cell of one, that an import could not use.
struct LeftOut {
  std::string file;
  int line = 0;      // in the file, from 1; 0 where all of the file is meant
  std::string what;  // "resnet50.a1_in1k at 224", or the text that can't be read
  std::string reason;

  bool operator==(const LeftOut&) const = default;
};

// What became of one table.
struct ReadTable {
  std::string file;
  int rows = 0;    // below the header
  int used = 0;    // that gave something
  int empty = 0;   // that are right and tell nothing: no figure was published
  std::string of;  // what its rows are: "figures of A100_PT"

  bool operator==(const ReadTable&) const = default;
};

}  // namespace wattfor
