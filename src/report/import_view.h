#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "dataset/import_report.h"
#include "store/store.h"

namespace wattfor {

// What an import of published tables read, what it left out and why, and what was new.
struct ImportView {
  std::vector<ReadTable> tables;
  std::vector<LeftOut> left_out;
  AddedFigures added;
  std::string store;
};

// A line a table; what was left out, the first 20 of it; what was new.
std::string import_text(const ImportView& view, int width);

// {"tables":[…], "left_out":[…], "added":{…}, "store":…}.
nlohmann::json to_json(const ImportView& view);

}  // namespace wattfor
