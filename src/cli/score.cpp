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
#include "measurement/json.h"
#include "report/sam_view.h"

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

}  // namespace

int run_verb(const ScoreOptions& options) {
  const SamQuery query{.form = options.log1p ? SamForm::log1p : SamForm::published,
                       .constants = {.alpha = options.alpha, .beta = options.beta},
                       .equivalents = options.equivalents};
  if (options.table) {
    const std::string name = *options.table == "-" ? "standard input" : *options.table;
    print(rank_by_sam(rows_of(*options.table), name, query), options.json, sam_table);
    return 0;
  }
  if (!options.accuracy_percent || !options.kwh) {
    throw Error(ErrorCode::usage,
                "score sam: expected --accuracy PERCENT and --kwh KWH, or --table FILE");
  }
  print(sam_score(*options.accuracy_percent, *options.kwh, query), options.json, sam_text);
  return 0;
}

}  // namespace wattfor::cli
