#include <fmt/format.h>

#include <cstdio>

#include "cli/terminal.h"
#include "cli/verbs.h"
#include "measurement/json.h"
#include "report/electricity_settings.h"
#include "report/models.h"
#include "report/switch_model.h"
#include "store/store.h"

namespace wattfor::cli {

int run_verb(const SwitchOptions& options) {
  SwitchQuery query{.where = {.setup = options.setup, .test_sets = options.test_sets},
                    .model = options.model,
                    .top = options.top,
                    .usage = std::nullopt,
                    .equivalents = options.equivalents};
  if (options.images_per_day) {
    query.usage = Usage{.images_per_day = *options.images_per_day,
                        .electricity = electricity_of(options.electricity, configured_settings())};
  }
  require_limits(query);
  const Store store(store_path(options.db), StoreAccess::read);
  const SwitchView view = switch_from(models_of(store), query);
  fmt::print("{}", options.json ? dump(to_json(view), 2) + "\n"
                                : switch_text(view, terminal_width(stdout)));
  return 0;
}

}  // namespace wattfor::cli
