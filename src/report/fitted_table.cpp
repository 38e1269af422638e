#include "report/fitted_table.h"

#include <algorithm>

#include "document/shorten_names.h"

namespace wattfor {

std::string fitted_table(const std::vector<TextColumn>& columns,
                         const std::vector<std::vector<std::string>>& rows, std::size_t name_place,
                         int width) {
  std::vector<std::string> names;
  int longest = 0;
  TextTable table(columns);
  for (const auto& row : rows) {
    names.push_back(printable(row[name_place]));
    longest = std::max(longest, display_width(names.back()));
    std::vector<std::string> cells = row;
    cells[name_place].clear();
    table.add(std::move(cells));
  }
  // Columns give way to a name of this length; a longer one is cut instead.
  constexpr int readable = 28;
  const int wanted = std::min(longest, readable);
  table.replace_column(name_place, {std::string(static_cast<std::size_t>(wanted), 'x')});
  table.fit(width);
  const int title = display_width(columns[name_place].title);
  const int left = width - table.width() + std::max(wanted, title);
  table.replace_column(name_place, shorten_names(names, left));
  return table.text();
}

}  // namespace wattfor
