#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "dataset/import_report.h"
#include "store/store.h"

namespace wattfor {

// What an import read, what it left out and why, and what was new.
struct ImportView {
  std::vector<ReadTable> tables;
  std::vector<LeftOut> left_out;
  RecordCounts read;
  RecordCounts added;
  std::string store;
};

// What was left out, the first 20 of it, each with its place; "" where nothing was.
std::string left_out_text(const std::vector<LeftOut>& left_out, int width);
nlohmann::json left_out_json(const std::vector<LeftOut>& left_out);

// A line a table; what was left out, the first 20 of it; what was new.
std::string import_text(const ImportView& view, int width);

// {"tables":[…], "left_out":[…], "read":{…}, "added":{…}, "store":…}.
nlohmann::json to_json(const ImportView& view);

}  // namespace wattfor
