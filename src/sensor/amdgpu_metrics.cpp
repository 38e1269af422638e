#include "sensor/amdgpu_metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

namespace wattfor {

namespace {

// struct metrics_table_header, in the byte order of the processor, as is all of the table.
struct TableHeader {
  std::uint16_t structure_size = 0;
  std::uint8_t format_revision = 0;
  std::uint8_t content_revision = 0;
};
static_assert(sizeof(TableHeader) == 4);

struct TableLayout {
  std::uint8_t content_revision;
  std::uint16_t size;
  std::uint16_t accumulator_at;
  std::uint16_t accumulator_width;
};

// Format 1. The size is a part of the key: 1.6 was changed after it was published, and a driver
// built apart from the kernel may have other numbers of engines in it.
constexpr std::array board_tables = {
    TableLayout{.content_revision = 0, .size = 80, .accumulator_at = 36, .accumulator_width = 4},
    TableLayout{.content_revision = 1, .size = 96, .accumulator_at = 24, .accumulator_width = 8},
    TableLayout{.content_revision = 2, .size = 104, .accumulator_at = 24, .accumulator_width = 8},
    TableLayout{.content_revision = 3, .size = 120, .accumulator_at = 24, .accumulator_width = 8},
    TableLayout{.content_revision = 4, .size = 288, .accumulator_at = 24, .accumulator_width = 8},
    TableLayout{.content_revision = 5, .size = 360, .accumulator_at = 88, .accumulator_width = 8},
    TableLayout{.content_revision = 6, .size = 384, .accumulator_at = 88, .accumulator_width = 8},
    TableLayout{.content_revision = 6, .size = 1664, .accumulator_at = 16, .accumulator_width = 8},
    TableLayout{.content_revision = 7, .size = 2208, .accumulator_at = 24, .accumulator_width = 8},
    TableLayout{.content_revision = 8, .size = 3872, .accumulator_at = 24, .accumulator_width = 8},
};
constexpr std::uint8_t first_with_documented_unit = 4;

template <class Number>
Number number_at(std::string_view table, std::size_t offset) {
  Number number = 0;
  std::memcpy(&number, table.data() + offset, sizeof(number));
  return number;
}

std::optional<TableHeader> header_of(std::string_view table) {
  if (table.size() < sizeof(TableHeader)) return std::nullopt;
  return TableHeader{.structure_size = number_at<std::uint16_t>(table, 0),
                     .format_revision = number_at<std::uint8_t>(table, 2),
                     .content_revision = number_at<std::uint8_t>(table, 3)};
}

// The driver fills a table with ones before the firmware's values go in
// (swsmu/smu_cmn.c, smu_cmn_init_soft_gpu_metrics).
template <class Number>
std::optional<std::uint64_t> filled_in(std::string_view table, std::size_t offset) {
  const auto number = number_at<Number>(table, offset);
  if (number == std::numeric_limits<Number>::max()) return std::nullopt;
  return number;
}

}  // namespace

std::variant<EnergyAccumulator, std::string> energy_accumulator(std::string_view table) {
  const auto header = header_of(table);
  if (!header) return fmt::format("expected a table, found {} bytes", table.size());
  const std::string kind = fmt::format("table {}.{} of {} bytes", header->format_revision,
                                       header->content_revision, header->structure_size);
  if (header->structure_size != table.size()) {
    return fmt::format("{}: found {} bytes", kind, table.size());
  }
  if (is_processor_table(table)) return kind + ": of a processor, which has no accumulator";
  const auto* const layout = std::ranges::find_if(board_tables, [&](const TableLayout& known) {
    return header->format_revision == 1 && header->content_revision == known.content_revision &&
           header->structure_size == known.size;
  });
  if (layout == board_tables.end()) return kind + ": wattfor does not know where its energy is";

  const bool narrow = layout->accumulator_width == 4;
  const auto count = narrow ? filled_in<std::uint32_t>(table, layout->accumulator_at)
                            : filled_in<std::uint64_t>(table, layout->accumulator_at);
  if (!count) return kind + ": its firmware does not fill in the energy";
  EnergyAccumulator accumulator;
  accumulator.count = *count;
  if (narrow) accumulator.range = Joules(0x1p32 * joules_per_accumulator_count);
  accumulator.unit_is_documented = layout->content_revision >= first_with_documented_unit;
  return accumulator;
}

bool is_processor_table(std::string_view table) {
  const auto header = header_of(table);
  return header && (header->format_revision == 2 || header->format_revision == 3);
}

}  // namespace wattfor
