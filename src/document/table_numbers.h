#pragma once

#include <string>

#include "document/result_table.h"

namespace wattfor {

// A cell as a person reads it, not escaped yet: "12.3", "−0.00457", "1.23·10⁻⁹"; "–" for what is
// missing or not finite.
std::string cell_text(const ResultColumn& column, const ResultCell& cell);

// The heading with its unit: "energy (J)".
std::string heading_text(const ResultColumn& column);

// The shortest digits that give the same number back; nothing for what is not finite.
std::string full_number(double value);

// Throws Error{invalid_input} where a row has not as many cells as there are columns, or the id is
// none.
void check_table(const ResultTable& table);

// The digits of a number of at least 10⁻⁵ and below 10¹⁵, "-0.00457", and the power of ten that
// they are to be multiplied with: 0, or of what is smaller or larger its own.
struct TableNumber {
  std::string digits;
  int exponent = 0;
};
TableNumber table_number(const ResultColumn& column, double value);

}  // namespace wattfor
