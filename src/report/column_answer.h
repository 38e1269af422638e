#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wattfor {

// A table as columns of bytes, compact and readable in place (docs/api.md, "Columns"): a head in
// JSON, then the columns, each at a multiple of eight, little-endian.
class ColumnAnswer {
 public:
  explicit ColumnAnswer(std::size_t rows) : rows_(rows) {}

  // One value a row each. `tags` are further keys of the column's head. A column of which no number
  // is known is left out.
  void add(std::string_view name, std::span<const double> numbers,
           nlohmann::json tags = nlohmann::json::object());
  void add(std::string_view name, std::span<const std::uint32_t> numbers);
  void add(std::string_view name, const std::vector<bool>& truths);
  void add(std::string_view name, std::span<const std::string_view> texts);
  // `places` in `words`, `no_word` where it is unknown.
  void add(std::string_view name, std::span<const std::uint16_t> places,
           const std::vector<std::string>& words);
  static constexpr std::uint16_t no_word = 0xFFFF;

  // All of it, with further keys for its head.
  std::string bytes(nlohmann::json head) const;

 private:
  void add(std::string_view name, std::string_view type, std::string_view column,
           nlohmann::json tags = nlohmann::json::object());

  std::size_t rows_;
  nlohmann::json columns_ = nlohmann::json::array();
  std::string body_;
};

}  // namespace wattfor
