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

// Of a long table a terminal gets the beginning.
constexpr std::size_t longest_table = 30;
constexpr std::size_t shown_of_long = 10;

std::string text_of(ResultTable table, int width) {
  const std::size_t rows = table.rows.size();
  if (rows > longest_table) table.rows.resize(shown_of_long);
  TextTable shown = table_text(table);
  shown.fit(width);
  std::string text = fmt::format("{}\n\n{}", printable(table.title), shown.text());
  if (rows > longest_table) {
    text += fmt::format("… and {} more rows; --out writes them all\n", rows - shown_of_long);
  }
  return text + wrapped_text(printable(table.caption), width, 0) + "\n";
}

std::string text_of(const Report& report, int width) {
  std::string text;
  for (const ReportSection& section : report.sections) {
    for (const ResultTable& table : section.tables) text += text_of(table, width);
    for (const std::string& note : section.notes) {
      text += wrapped_text(printable(note), width, 0) + "\n";
    }
  }
  return text;
}

void write_out(const Analysis& analysis, const std::filesystem::path& folder) {
  const WrittenReport written = write_report(report_of(analysis), folder);
  const std::filesystem::path answer = folder / "analysis.json";
  write_file(answer, dump(to_json(analysis), 2) + "\n");
  fmt::print(stderr, "{}: {} files, to be read from report.html\n", printable(folder.string()),
             written.files.size() + 1);
  for (const std::filesystem::path& file : written.stale) {
    fmt::print(stderr, "{}: from an earlier report, not of this one\n", printable(file.string()));
  }
  if (written.without_png) {
    fmt::print(stderr, "no PNG files: {}\n", printable(*written.without_png));
  }
}

}  // namespace

int run_verb(const AnalyzeOptions& options) {
  const Store store(store_path(options.db), StoreAccess::read);
  const Analysis analysis = analyze(models_of(store), store.training_runs(),
                                    {.setups = options.setups, .test_sets = options.test_sets});
  if (options.out) write_out(analysis, *options.out);
  if (options.json) {
    fmt::print("{}\n", dump(to_json(analysis), 2));
  } else if (!options.out) {
    fmt::print("{}", text_of(report_of(analysis), terminal_width(stdout)));
  }
  return 0;
}

}  // namespace wattfor::cli
