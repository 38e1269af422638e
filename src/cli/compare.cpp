#include "report/compare.h"

#include <fmt/format.h>

#include <cstdio>

#include "cli/terminal.h"
#include "cli/verbs.h"
#include "measurement/json.h"
#include "report/models.h"
#include "store/store.h"

namespace wattfor::cli {

int run_verb(const CompareOptions& options) {
  const Store store(store_path(options.db), StoreAccess::read);
  const CompareView view =
      compare(models_of(store),
              {.models = options.models, .setups = options.setups, .test_sets = options.test_sets});
  fmt::print("{}", options.json ? dump(to_json(view), 2) + "\n"
                                : compare_text(view, terminal_width(stdout)));
  return 0;
}

}  // namespace wattfor::cli
