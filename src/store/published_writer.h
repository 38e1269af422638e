#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>

#include "measurement/published.h"
#include "store/compared_with.h"
#include "store/shared_rows.h"
#include "store/sqlite.h"

namespace wattfor {

// Inserts what others published, within the caller's transaction. Nothing is replaced: what differs
// from those of its key that it is compared with is appended, and counts from now on.
class PublishedWriter {
 public:
  explicit PublishedWriter(Database& database);

  // False, and nothing written, where it tells nothing new.
  bool write(const PublishedFigure& figure, std::int64_t source, ComparedWith others);
  bool write(const ModelStatistics& statistics, std::int64_t source, ComparedWith others);
  bool write(const TrainingRun& run, std::int64_t source, ComparedWith others);

 private:
  std::int64_t setup(const Setup& setup);
  std::int64_t model(const std::string& name, int input_size);

  SharedRows rows_;
  Statement find_figure_;
  Statement insert_figure_;
  Statement find_statistics_;
  Statement insert_statistics_;
  Statement find_training_run_;
  Statement insert_training_run_;
  // The setup written last: the figures of a table have the same.
  std::optional<Setup> latest_setup_;
  std::int64_t latest_setup_row_ = 0;
  // Of each model that was met in the transaction, by its input sizes: each stands in every table.
  std::unordered_map<std::string, std::map<int, std::int64_t>> model_rows_;
};

}  // namespace wattfor
