#include "report/rank.h"

#include <fmt/format.h>

#include <cstdio>
#include <vector>

#include "cli/terminal.h"
#include "cli/verbs.h"
#include "measurement/json.h"
#include "report/models.h"
#include "report/rank_table.h"
#include "store/store.h"

namespace wattfor::cli {

int run_verb(const RankOptions& options) {
  const RankQuery query{.where = {.setup = options.setup, .test_sets = options.test_sets},
                        .score = from_name<Score>(options.score).value(),
                        .weight = options.weight,
                        .min_accuracy_percent = options.min_accuracy_percent,
                        .max_energy_j = options.max_energy_j,
                        .top = options.top};
  require_limits(query);
  const Store store(store_path(options.db), StoreAccess::read);
  const std::vector<TrainingRun> trained =
      query.score == Score::sam ? store.training_runs() : std::vector<TrainingRun>();
  const RankView view = rank(models_of(store), query, trained);
  fmt::print("{}", options.json ? dump(to_json(view), 2) + "\n"
                                : rank_table(view, terminal_width(stdout)));
  return 0;
}

}  // namespace wattfor::cli
