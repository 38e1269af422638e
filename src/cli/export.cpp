#include <fmt/format.h>

#include <cstdio>
#include <sstream>

#include "base/file.h"
#include "cli/verbs.h"
#include "store/exchange.h"
#include "store/store.h"

namespace wattfor::cli {

int run_verb(const ExportOptions& options) {
  const Store store(store_path(options.db), StoreAccess::read);
  if (options.output) refuse_as_output(*options.output, store.path());
  const Records records = records_of(store);
  std::ostringstream text;
  if (options.format == "csv") {
    write_csv(text, records.measurements);
  } else {
    write_json(text, records);
  }
  if (options.output) {
    write_file(*options.output, text.str());
  } else {
    fmt::print("{}", text.str());
  }
  return 0;
}

}  // namespace wattfor::cli
