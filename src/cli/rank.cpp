#include "report/rank.h"

#include <fmt/format.h>

#include <cstdio>

#include "cli/terminal.h"
#include "cli/verbs.h"
#include "measurement/json.h"
#include "report/rank_table.h"
#include "store/store.h"

namespace wattfor::cli {

int run_verb(const RankOptions& options) {
  const RankQuery query{.setup = options.setup,
                        .score = score_from_name(options.score).value(),
                        .weight = options.weight,
                        .min_accuracy_percent = options.min_accuracy_percent,
                        .max_energy_j = options.max_energy_j,
                        .test_sets = options.test_sets,
                        .top = options.top};
  require_limits(query);
  const Store store(store_path(options.db), StoreAccess::read);
  const RankView view =
      rank(store.measurements(), store.accuracies(), query, store.imported(), store.figures());
  fmt::print("{}", options.json ? dump(to_json(view), 2) + "\n"
                                : rank_table(view, terminal_width(stdout)));
  return 0;
}

}  // namespace wattfor::cli
