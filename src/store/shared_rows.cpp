#include "store/shared_rows.h"

#include "store/columns.h"
#include "store/sql_text.h"

namespace wattfor {

SharedRows::SharedRows(Database& database)
    : database_(database),
      find_setup_(database.prepare(find_in("setup", columns::setup))),
      insert_setup_(database.prepare(insert_into("setup", columns::setup))),
      find_model_(database.prepare(find_in("model", columns::model))),
      insert_model_(database.prepare(insert_into("model", columns::model))),
      find_source_(database.prepare(find_in("source", "file, sha256"))),
      insert_source_(database.prepare(insert_into("source", columns::source))) {}

std::int64_t SharedRows::source(const Source& source) {
  if (const auto found = find_source_.find(source.file, source.sha256)) return *found;
  insert_source_.run(source.file, source.sha256, source.licence, source.origin);
  return database_.last_key();
}

std::int64_t SharedRows::setup(const Setup& setup) {
  const auto bind = [&](Statement& statement) {
    statement.bind(setup.id, setup.label, setup.device, setup.runtime, setup.runtime_version,
                   setup.precision, setup.threads);
  };
  bind(find_setup_);
  if (const auto found = find_setup_.find()) return *found;
  bind(insert_setup_);
  insert_setup_.run();
  return database_.last_key();
}

std::int64_t SharedRows::model(const Model& model) {
  if (const auto found = find_model_.find(model.name, model.input_size, model.sha256, model.file)) {
    return *found;
  }
  insert_model_.run(model.name, model.input_size, model.sha256, model.file);
  return database_.last_key();
}

}  // namespace wattfor
