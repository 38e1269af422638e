#include "report/extrapolate.h"

#include <fmt/format.h>

#include "cli/terminal.h"
#include "cli/verbs.h"
#include "measurement/json.h"
#include "report/run_choice.h"
#include "store/store.h"

namespace wattfor::cli {

int run_verb(const ExtrapolateOptions& options) {
  const auto records =
      with_jobs(Store(store_path(options.db), StoreAccess::read).measurements(), options.runs);
  const ExtrapolationView view =
      extrapolate(required_runs(records, options.runs),
                  {.epochs = options.epochs, .data_fraction = options.data_fraction});
  fmt::print("{}", options.json ? dump(to_json(view), 2) + "\n"
                                : extrapolation_text(view, terminal_width(stdout)));
  return 0;
}

}  // namespace wattfor::cli
