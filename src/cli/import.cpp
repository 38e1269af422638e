#include <fmt/format.h>

#include <string>

#include "base/error.h"
#include "base/file.h"
#include "base/sha256.h"
#include "cli/verbs.h"
#include "report/text_table.h"
#include "store/exchange.h"
#include "store/store.h"

namespace wattfor::cli {
namespace {

Source source_of(const std::string& file) { return {.file = file, .sha256 = sha256_of_file(file)}; }

int import_accuracy(const std::string& file, const std::optional<std::string>& db) {
  const auto accuracies = accuracies_from_csv(read_file(file), file);
  Store store(store_path(db), StoreAccess::write);
  const int added = store.add(accuracies, source_of(file));
  fmt::print("{}: {} accuracies read, {} new, into {}\n", printable(file), accuracies.size(), added,
             printable(store.path().string()));
  return 0;
}

int import_records(const std::string& file, const std::optional<std::string>& db) {
  const Records records = records_from_json(read_file(file), file);
  Store store(store_path(db), StoreAccess::write);
  const AddedCounts added = store.add(records, source_of(file));
  fmt::print("{}: {} measurements read, {} new; {} accuracies read, {} new, into {}\n",
             printable(file), records.measurements.size(), added.measurements,
             records.accuracies.size(), added.accuracies, printable(store.path().string()));
  return 0;
}

}  // namespace

int run_verb(const ImportOptions& options) {
  if (options.what.size() == 1) return import_records(options.what[0], options.db);
  if (options.what[0] == "accuracy") return import_accuracy(options.what[1], options.db);
  throw Error(ErrorCode::usage,
              fmt::format("import: '{}' is no kind of table (expected: accuracy FILE.csv, or one "
                          "FILE as `wattfor export` writes it, as JSON)",
                          options.what[0]));
}

}  // namespace wattfor::cli
