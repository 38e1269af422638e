#include "tracking/kept_record.h"

#include <fmt/format.h>

#include <exception>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>

#include "base/file.h"
#include "base/log.h"
#include "store/exchange.h"

namespace wattfor {
namespace {

namespace fs = std::filesystem;

std::optional<fs::path> written_apart(const Measurement& record) {
  try {
    std::ostringstream text;
    write_json(text, {.measurements = {record}, .accuracies = {}});
    const fs::path file =
        fs::temp_directory_path() / fmt::format("wattfor-{}.json", record.id.substr(0, 64));
    write_file(file, text.str());
    return file;
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
      store->add(record);
      return KeptRecord{.file = store->path()};
    } catch (const std::exception& error) {
      failure = error.what();
    }
  }
  if (const auto file = written_apart(record)) {
    return KeptRecord{.file = *file, .in_store = false, .failure = failure};
  }
  log(LogLevel::warning, failure);
  return std::nullopt;
}

}  // namespace wattfor
