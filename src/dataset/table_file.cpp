#include "dataset/table_file.h"

#include <fmt/format.h>

#include <utility>

#include "base/file.h"
#include "base/sha256.h"

namespace wattfor {

std::string stands_already(int line) { return fmt::format("it stands in line {} already", line); }

TableFile::TableFile(const std::string& file, const Terms& terms, ImportedTables& into)
    : TableFile(file, read_file(file), into) {
  table().source = {.file = file_,
                    .sha256 = sha256_of_file(file_),
                    .licence = std::string(terms.licence),
                    .origin = std::string(terms.origin)};
}

TableFile::TableFile(std::string name, std::string text, ImportedTables& into)
    : file_(std::move(name)), text_(std::move(text)), into_(into), index_(into.tables.size()) {
  into_.tables.push_back({.source = {.file = file_, .sha256 = ""}});
}

void TableFile::each(std::span<const std::string_view> columns, std::size_t required,
                     const std::string& of, const std::function<RowUse(DataTable&)>& use) {
  DataTable table(text_, file_, columns, required);
  ReadTable read{.file = file_, .rows = 0, .used = 0, .empty = 0, .of = of};
  while (table.next()) {
    const RowUse row = use(table);
    if (row == RowUse::used) ++read.used;
    if (row == RowUse::empty) ++read.empty;
  }
  read.rows = table.rows();
  into_.read.push_back(std::move(read));
  for (LeftOut& each : table.take_left_out()) into_.left_out.push_back(std::move(each));
}

void TableFile::each_model(std::span<const std::string_view> columns, std::size_t required,
                           const std::string& of, const UseModel& use) {
  FirstLines<std::pair<std::string, int>> models;
  each(columns, required, of, [&](DataTable& table) {
    const std::string model = table.name(0);
    const int input_size = table.pixels(1);
    const auto what = [&] { return fmt::format("{} at {}", model, input_size); };
    if (!table.is_usable()) {
      table.leave_out(what());
      return RowUse::left_out;
    }
    if (const auto earlier = models.earlier({model, input_size}, table.line())) {
      table.leave_out(what(), stands_already(*earlier));
      return RowUse::left_out;
    }
    const bool told = use(table, model, input_size);
    const bool is_whole = table.is_usable();
    if (!is_whole) table.leave_out(what());
    if (told) return RowUse::used;
    return is_whole ? RowUse::empty : RowUse::left_out;
  });
}

}  // namespace wattfor
