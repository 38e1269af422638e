#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string_view>

#include "measurement/model_table.h"

namespace wattfor {

// What there is to choose from, before any of it is read (docs/api.md).
struct CatalogueInput {
  const ModelTable& table;
  std::string_view version;
  std::size_t training_runs = 0;
  std::size_t batch_curves = 0;
  bool is_live = true;  // false where nothing can change any more
};

// Setups without an energy are left out.
nlohmann::json catalogue_json(const CatalogueInput& input);

}  // namespace wattfor
