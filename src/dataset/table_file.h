#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "dataset/data_table.h"
#include "dataset/imported_tables.h"

namespace wattfor {

// The lines of rows by what makes each a row of its own, to find the one that stands there twice.
template <class Key>
class FirstLines {
 public:
  // The line that it stands in already; nothing where it is new.
  std::optional<int> earlier(const Key& key, int line) {
    const auto [found, is_new] = lines_.try_emplace(key, line);
    return is_new ? std::nullopt : std::optional(found->second);
  }

 private:
  std::map<Key, int> lines_;
};

std::string stands_already(int line);

// What a row came to.
enum class RowUse {
  used,
  empty,     // it is right and tells nothing
  left_out,  // and the table was told why
};

// Who published a file, and on what terms.
struct Terms {
  std::string_view licence = {};
  std::string_view origin = {};
};

// One file of an import, read row by row into a table of its own.
class TableFile {
 public:
  // Adds the table; throws Error naming the file where it can't be read.
  TableFile(const std::string& file, const Terms& terms, ImportedTables& into);
  // Of a text that is no file's: its source has the name alone.
  TableFile(std::string name, std::string text, ImportedTables& into);

  // That the file's rows go to.
  PublishedTable& table() { return into_.tables[index_]; }

  // `use` makes something of each row. The first `required` columns must be there. Adds what
  // became of the rows to the report, as those `of` something.
  void each(std::span<const std::string_view> columns, std::size_t required, const std::string& of,
            const std::function<RowUse(DataTable&)>& use);

  // The same of rows that are a model's: the first two columns are its name and input size, which
  // no two rows share. `use` answers whether the row told anything; what could not be read of it is
  // left out.
  using UseModel = std::function<bool(DataTable&, const std::string& model, int input_size)>;
  void each_model(std::span<const std::string_view> columns, std::size_t required,
                  const std::string& of, const UseModel& use);

 private:
  std::string file_;
  std::string text_;
  ImportedTables& into_;
  std::size_t index_;
};

}  // namespace wattfor
