// Any bytes as others' tables: the rows of the CSV reader come out as they went in, each cell of a
// table is what was asked for or a fault, and of training runs only what can be true is read.

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/csv.h"
#include "base/error.h"
#include "dataset/data_table.h"
#include "dataset/training.h"
#include "measurement/validity.h"

namespace {

void require(bool truth) {
  if (!truth) std::abort();
}

void write_and_read_again(std::string_view text) {
  const auto rows = wattfor::read_csv(text, "t.csv");
  std::string written;
  for (const wattfor::CsvRow& row : rows) {
    for (std::size_t i = 0; i < row.fields.size(); ++i) {
      if (i > 0) written += ',';
      written += wattfor::csv_field(row.fields[i]);
    }
    written += '\n';
  }
  const auto again = wattfor::read_csv(written, "t.csv");
  // What a byte order mark hides in the text may stand at its beginning when it is written anew.
  if (written.starts_with("\xEF\xBB\xBF")) return;
  require(again.size() == rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) require(again[i].fields == rows[i].fields);
}

void read_cells(std::string_view text) {
  constexpr std::array<std::string_view, 2> columns{"model", "train_kwh"};
  const std::string file = "t.csv";
  wattfor::DataTable table(text, file, columns, 1);
  int line = 0;
  std::size_t unusable = 0;
  while (table.next()) {
    require(table.line() > line);
    line = table.line();
    const std::string name = table.name(0);
    require(!table.is_usable() || !name.empty());
    const auto number = table.positive(1, "kWh");
    require(!number || (std::isfinite(*number) && *number > 0.0));
    const auto share = table.share(1);
    require(!share || (number && *share <= 1.0));
    const auto count = table.count(1);
    require(!count || *count >= 1);
    if (!table.is_usable()) {
      table.leave_out(name);
      ++unusable;
    }
  }
  require(table.take_left_out().size() >= unusable);
}

void read_runs(std::string_view text) {
  const wattfor::ImportedTables data = wattfor::read_training(std::string(text), "t.csv");
  const auto& runs = data.tables.front().training_runs;
  const wattfor::ReadTable& read = data.read.front();
  require(static_cast<std::size_t>(read.used) == runs.size());
  require(static_cast<std::size_t>(read.rows - read.used - read.empty) == data.left_out.size());
  for (const wattfor::TrainingRun& run : runs) wattfor::require_valid(run);
}

template <class Read>
void read_or_refuse(const Read& read, std::string_view text) {
  try {
    read(text);
  } catch (const wattfor::Error& error) {
    // What was read must be valid; what can't be is refused before.
    require(std::string_view(error.what()).find("the key '") == std::string_view::npos);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  read_or_refuse(write_and_read_again, text);
  read_or_refuse(read_cells, text);
  read_or_refuse(read_runs, text);
  return 0;
}
