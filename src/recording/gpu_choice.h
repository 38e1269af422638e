#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wattfor {

// What a log's line says about the GPU that it is of; empty where the log has no such column.
struct GpuIdentity {
  std::string index;
  std::string uuid;
  std::string bus;
  std::string board;

  bool operator==(const GpuIdentity&) const = default;
};

// Which lines of a log are those of the one GPU that was asked for.
class GpuChoice {
 public:
  explicit GpuChoice(std::optional<std::string> asked) : asked_(std::move(asked)) {}

  // Views of one line's fields, in the order of GpuIdentity.
  bool takes(std::string_view index, std::string_view uuid, std::string_view bus,
             std::string_view board);

  // The GPU whose lines were taken. Throws Error{invalid_input} that lists those of `file` where
  // the lines were of several, and where none was taken.
  const GpuIdentity& chosen(const std::string& file) const;

 private:
  struct Seen {
    GpuIdentity gpu;
    bool taken = false;
  };

  bool is_asked_for(const GpuIdentity& gpu) const;
  std::string list() const;

  std::optional<std::string> asked_;
  std::vector<Seen> seen_;
};

}  // namespace wattfor
