#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "base/sha256.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "dataset/study.h"
#include "document/text_table.h"
#include "measurement/json.h"
#include "report/import_view.h"
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

int import_study(const ImportOptions& options) {
  StudyData data = read_study(options.what[1]);
  Store store(store_path(options.db), StoreAccess::write);
  const ImportView view{.tables = std::move(data.read),
                        .left_out = std::move(data.left_out),
                        .added = store.add(data.tables),
                        .store = store.path().string()};
  fmt::print("{}", options.json ? dump(to_json(view), 2) + "\n"
                                : import_text(view, terminal_width(stdout)));
  return 0;
}

}  // namespace

int run_verb(const ImportOptions& options) {
  if (options.what.size() == 1) return import_records(options.what[0], options.db);
  if (options.what[0] == "accuracy") return import_accuracy(options.what[1], options.db);
  if (options.what[0] == "study") return import_study(options);
  throw Error(ErrorCode::usage,
              fmt::format("import: '{}' is no kind of table (expected: accuracy FILE.csv, study "
                          "DIR, or one FILE as `wattfor export` writes it, as JSON)",
                          options.what[0]));
}

}  // namespace wattfor::cli
