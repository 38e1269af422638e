#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "measurement/measurement.h"
#include "store/compared_with.h"
#include "store/shared_rows.h"
#include "store/sqlite.h"

namespace wattfor {

// Inserts records, row by row, within the caller's transaction. Prepared once for many.
class RecordWriter {
 public:
  explicit RecordWriter(Database& database);

  std::int64_t source(const Source& source) { return rows_.source(source); }

  // False, and nothing written, where a record of that id is there.
  bool write(const Measurement& measurement, std::optional<std::int64_t> source);
  // False, and nothing written, where the accuracy tells nothing new: an equal one of its key is
  // among those that it is compared with, or it is all unknown and its key is there.
  bool write(const Accuracy& accuracy, std::optional<std::int64_t> source, ComparedWith others);

 private:
  // One list of texts, in rows of (owner, position, text).
  class TextList {
   public:
    TextList(Database& database, std::string_view table, std::string_view owner);
    void write(std::int64_t owner, const std::vector<std::string>& texts);

   private:
    Statement insert_;
  };

  std::int64_t machine(const Machine& machine);
  void write_component(std::int64_t measurement, int position, const ComponentEnergy& component);
  void write_context(std::int64_t measurement, const HostContext& context);
  void write_conditions(std::int64_t measurement, int position, const DeviceConditions& conditions);
  void write_training(std::int64_t measurement, const TrainingFacts& facts);
  void write_window(std::int64_t measurement, int position, const MarkedWindow& window);

  Database& database_;
  SharedRows rows_;
  Statement find_measurement_;
  Statement insert_measurement_;
  Statement find_machine_;
  Statement insert_machine_;
  Statement find_machine_device_;
  Statement insert_setting_;
  Statement insert_replicate_;
  Statement insert_component_;
  Statement insert_gap_;
  Statement insert_condition_;
  Statement insert_throttled_;
  Statement insert_context_;
  Statement insert_job_;
  Statement insert_other_program_;
  Statement insert_training_;
  Statement insert_built_on_;
  Statement insert_window_;
  Statement insert_window_component_;
  Statement find_accuracy_;
  Statement insert_accuracy_;
  TextList machine_devices_;
  TextList arguments_;
  TextList warnings_;
  TextList component_sensors_;
  TextList component_faults_;
  TextList throttle_reasons_;
};

}  // namespace wattfor
