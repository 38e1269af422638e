#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "base/sha256.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "dataset/accuracy_table.h"
#include "dataset/codecarbon.h"
#include "dataset/study.h"
#include "dataset/timm.h"
#include "dataset/training.h"
#include "document/text_table.h"
#include "measurement/json.h"
#include "report/import_view.h"
#include "store/exchange.h"
#include "store/store.h"

namespace wattfor::cli {
namespace {

// Whose files can be brought in, by the word that names them.
struct Kind {
  const char* word;
  ImportedTables (*read)(const std::string& path);
};
constexpr std::array kinds{
    Kind{"accuracy", read_accuracy_table},
    Kind{"study", [](const std::string& folder) { return read_study(folder); }},
    Kind{"training", read_training},
    Kind{"codecarbon", read_codecarbon},
    Kind{"timm", [](const std::string& folder) { return read_timm(folder); }},
};

ImportView import_tables(ImportedTables data, const std::optional<std::string>& db) {
  Store store(store_path(db), StoreAccess::write);
  return {.tables = std::move(data.read),
          .left_out = std::move(data.left_out),
          .read = counts_of(data.tables),
          .added = store.add(data.tables),
          .store = store.path().string()};
}

ImportView import_records(const std::string& file, const std::optional<std::string>& db) {
  const Records records = records_from_json(read_file(file), file);
  const RecordCounts read = counts_of(records);
  const int all =
      read.measurements + read.accuracies + read.figures + read.statistics + read.training_runs;
  Store store(store_path(db), StoreAccess::write);
  return {.tables = {{.file = file, .rows = all, .used = all, .empty = 0, .of = "records"}},
          .left_out = {},
          .read = read,
          .added = store.add(records, {.file = file, .sha256 = sha256_of_file(file)}),
          .store = store.path().string()};
}

ImportView import_what(const ImportOptions& options) {
  for (const Kind& kind : kinds) {
    if (options.what[0] != kind.word) continue;
    if (options.what.size() == 1) {
      throw Error(ErrorCode::usage,
                  fmt::format("import {}: expected the file or folder behind it (a record file of "
                              "that name: ./{})",
                              kind.word, kind.word));
    }
    return import_tables(kind.read(options.what[1]), options.db);
  }
  if (options.what.size() == 1) return import_records(options.what[0], options.db);
  throw Error(ErrorCode::usage,
              fmt::format("import: '{}' is no kind of table (expected: accuracy FILE.csv, "
                          "training FILE.csv, codecarbon FILE.csv, study DIR, timm DIR, or one "
                          "FILE as `wattfor export` writes it, as JSON)",
                          options.what[0]));
}

}  // namespace

int run_verb(const ImportOptions& options) {
  const ImportView view = import_what(options);
  fmt::print("{}", options.json ? dump(to_json(view), 2) + "\n"
                                : import_text(view, terminal_width(stdout)));
  return 0;
}

}  // namespace wattfor::cli
