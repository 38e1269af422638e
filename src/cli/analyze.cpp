#include "report/analyze.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <string>

#include "base/file.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "document/text_table.h"
#include "measurement/json.h"
#include "report/analysis_json.h"
#include "report/analysis_report.h"
#include "report/models.h"
#include "store/store.h"

namespace wattfor::cli {
namespace {

std::string text_of(const Report& report, int width) {
  std::string text;
  for (const ReportSection& section : report.sections) {
    for (const ResultTable& table : section.tables) {
      TextTable shown = table_text(table);
      shown.fit(width);
      text += fmt::format("{}\n\n{}{}\n", printable(table.title), shown.text(),
                          wrapped_text(printable(table.caption), width));
    }
  }
  return text;
}

}  // namespace

int run_verb(const AnalyzeOptions& options) {
  const Store store(store_path(options.db), StoreAccess::read);
  const Analysis analysis =
      analyze(models_of(store), {.setups = options.setups, .test_sets = options.test_sets});
  if (options.json) {
    fmt::print("{}\n", dump(to_json(analysis), 2));
  } else {
    fmt::print("{}", text_of(report_of(analysis), terminal_width(stdout)));
  }
  if (options.out) {
    const std::filesystem::path folder = *options.out;
    const WrittenReport written = write_report(report_of(analysis), folder);
    write_file(folder / "analysis.json", dump(to_json(analysis), 2) + "\n");
  }
  return 0;
}

}  // namespace wattfor::cli
