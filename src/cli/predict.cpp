#include "report/predict.h"

#include <fmt/format.h>

#include <cstdio>

#include "cli/terminal.h"
#include "cli/verbs.h"
#include "measurement/json.h"
#include "report/models.h"
#include "report/prediction_text.h"
#include "store/store.h"

namespace wattfor::cli {

int run_verb(const PredictOptions& options) {
  const PredictQuery query{.model = options.model,
                           .setup = options.setup,
                           .input_size = options.input_size,
                           .counter = options.counter,
                           .parameters = options.parameters,
                           .macs = options.macs,
                           .activations = options.activations};
  require_counts(query);
  const Store store(store_path(options.db), StoreAccess::read);
  const PredictView view = predict(models_of(store), query);
  fmt::print("{}", options.json ? dump(to_json(view), 2) + "\n"
                                : prediction_text(view, terminal_width(stdout)));
  return 0;
}

}  // namespace wattfor::cli
