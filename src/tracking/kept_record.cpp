#include "tracking/kept_record.h"

#include <fmt/format.h>

#include <exception>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>

#include "base/file.h"
#include "base/log.h"
#include "base/uuid.h"
#include "store/exchange.h"

namespace wattfor {
namespace {

namespace fs = std::filesystem;

std::optional<KeptRecord> written_apart(const Measurement& record, const std::string& failure) {
  try {
    std::ostringstream text;
    write_json(text, {.measurements = {record}, .accuracies = {}});
    const fs::path file = fs::temp_directory_path() / fmt::format("wattfor-{}.json", record.id);
    write_file(file, text.str());
    return KeptRecord{.file = file, .id = record.id, .in_store = false, .failure = failure};
  } catch (const std::exception& error) {
    log(LogLevel::warning, error.what());
    return std::nullopt;
  }
}

}  // namespace

std::optional<KeptRecord> keep(const Measurement& record, Store* store) {
  std::string failure = "there is no store";
  if (store != nullptr) {
    try {
      if (store->add(record)) return KeptRecord{.file = store->path(), .id = record.id};
      failure = fmt::format("{}: it has a record {} already", store->path().string(), record.id);
    } catch (const std::exception& error) {
      failure = error.what();
    }
  }
  Measurement apart = record;
  if (store != nullptr) {
    apart.id = random_uuid();
    apart.warnings.push_back(
        fmt::format("the store could not take this record, whose id was {}; it may have a part of "
                    "it under that",
                    record.id));
  }
  if (auto kept = written_apart(apart, failure)) return kept;
  log(LogLevel::warning, failure);
  return std::nullopt;
}

}  // namespace wattfor
