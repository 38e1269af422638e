#include "report/analyze.h"

#include <fmt/format.h>

#include <cstdio>

#include "cli/terminal.h"
#include "cli/verbs.h"
#include "measurement/json.h"
#include "report/analysis_json.h"
#include "report/models.h"
#include "store/store.h"

namespace wattfor::cli {

int run_verb(const AnalyzeOptions& options) {
  const Store store(store_path(options.db), StoreAccess::read);
  const Analysis analysis =
      analyze(models_of(store), {.setups = options.setups, .test_sets = options.test_sets});
  fmt::print("{}\n", dump(to_json(analysis), 2));
  return 0;
}

}  // namespace wattfor::cli
