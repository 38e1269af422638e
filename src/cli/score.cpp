#include <fmt/format.h>

#include <cstdio>
#include <iostream>
#include <iterator>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "document/result_table.h"
#include "document/text_table.h"
#include "measurement/json.h"
#include "report/import_view.h"
#include "report/run_choice.h"
#include "report/sam_view.h"
#include "store/store.h"

namespace wattfor::cli {
namespace {

TrainingRows rows_of(const std::string& file) {
  if (file != "-") return read_training_rows(read_file(file), file);
  std::string text(std::istreambuf_iterator<char>(std::cin), {});
  return read_training_rows(std::move(text), "standard input");
}

template <class Answer>
void print(const Answer& answer, bool as_json, std::string (*text)(const Answer&, int width)) {
  fmt::print("{}",
             as_json ? dump(to_json(answer), 2) + "\n" : text(answer, terminal_width(stdout)));
}

void print(const SamView& view, const ScoreOptions& options) {
  if (options.json || options.format == "text") return print(view, options.json, sam_table);
  const ResultTable table = sam_result_table(view);
  fmt::print("{}", options.format == "markdown" ? table_markdown(table)
                   : options.format == "latex"  ? table_latex(table)
                                                : table_csv(table));
  // What a reader of the table has to know, beside it.
  for (const std::string& warning : view.warnings) {
    say(fmt::format("wattfor: warning: {}\n", printable_lines(warning)));
  }
  say(left_out_text(view.left_out, terminal_width(stderr)));
}

}  // namespace

int run_verb(const ScoreOptions& options) {
  const SamQuery query{.form = options.log1p ? SamForm::log1p : SamForm::published,
                       .constants = {.alpha = options.alpha, .beta = options.beta},
                       .equivalents = options.equivalents};
  if (options.table) {
    const std::string name = *options.table == "-" ? "standard input" : *options.table;
    print(rank_by_sam(rows_of(*options.table), name, query), options);
    return 0;
  }
  if (!options.runs.empty()) {
    const auto records =
        with_jobs(Store(store_path(options.db), StoreAccess::read).measurements(), options.runs);
    print(rank_by_sam(records, options.runs, query), options);
    return 0;
  }
  if (!options.accuracy_percent || !options.kwh) {
    throw Error(
        ErrorCode::usage,
        "score sam: expected the names of tracked runs (`wattfor runs`), --accuracy PERCENT and "
        "--kwh KWH, or --table FILE");
  }
  print(sam_score(*options.accuracy_percent, *options.kwh, query), options.json, sam_text);
  return 0;
}

}  // namespace wattfor::cli
