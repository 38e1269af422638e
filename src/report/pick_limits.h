#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analysis/model_filter.h"
#include "analysis/model_traits.h"
#include "report/pick.h"

namespace wattfor {

// One of the user's limits upon a column of the table. The columns must outlive it.
struct AskedLimit {
  std::string_view option;  // "--max-energy-j"
  std::string value;        // as it is typed: "0.5"
  ColumnLimit column;
  bool is_kind = false;   // a class or a family: no value is nearer to it than another
  bool is_whole = false;  // years and pixels
};

// The columns that limits may need besides the setup's own.
struct PickColumns {
  TraitColumns traits;                      // empty where no limit needs them
  std::vector<double> input_size;           // NaN of a model of no image
  const CounterColumns* counter = nullptr;  // that knows the parameters of the most models
};

PickColumns columns_for(const ModelTable& table, const JudgedSetup& setup, const PickQuery& query);

// What an objective that needs the accuracy limits by itself.
inline constexpr std::string_view needs_accuracy = "--by";

// In the order of the options. An objective that needs the accuracy limits it to percentages.
std::vector<AskedLimit> limits_of(const PickQuery& query, Objective by, const JudgedSetup& setup,
                                  const PickColumns& columns);

// How the option must read to let this value pass, in few digits; empty where it must be left out.
std::string loosened_option(const AskedLimit& limit, double value);

}  // namespace wattfor
