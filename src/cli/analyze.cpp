#include "report/analyze.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

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

void write_out(const Analysis& analysis, const std::vector<Source>& sources,
               const std::filesystem::path& folder) {
  Report report = report_of(analysis, sources);
  report.json = dump(to_json(analysis), 2) + "\n";
  const WrittenReport written = write_report(report, folder);
  fmt::print(stderr, "{}: {} files, to be read from report.html\n", printable(folder.string()),
             written.files.size());
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
  const std::vector<Measurement> records = store.measurements();
  const RecordIds imported = store.imported();
  const Analysis analysis = analyze(models_of(store, records, imported), store.training_runs(),
                                    {.setups = options.setups,
                                     .test_sets = options.test_sets,
                                     .equivalents = options.equivalents},
                                    batch_curves_of(records, imported));
  if (options.out) write_out(analysis, store.sources(), *options.out);
  if (options.json) {
    fmt::print("{}\n", dump(to_json(analysis), 2));
  } else if (!options.out) {
    fmt::print("{}", report_text(report_of(analysis), terminal_width(stdout)));
  }
  return 0;
}

}  // namespace wattfor::cli
