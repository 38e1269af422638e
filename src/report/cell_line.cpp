#include "report/cell_line.h"

#include <fmt/format.h>

#include "document/numbers.h"
#include "document/text_table.h"

namespace wattfor {

std::string cell_line(const Measurement& cell) {
  const std::string head =
      fmt::format("{:<18} batch {:>4}  ", printable(cell.cell->model.name), cell.cell->batch_size);
  if (!cell.result) {
    return fmt::format("{}{}: {}", head, name_of(cell.outcome), printable(cell.reason));
  }
  const EnergyFigure& energy = cell.result->energy_per_image;
  return fmt::format("{}{:>8}/image {:<8} {:>9} images/s{}", head,
                     si_number(energy.energy.value(), "J"),
                     relative_interval(energy.energy.value(), energy.comparison),
                     plain_number(cell.result->throughput_per_s),
                     cell.result->precision_reached ? "" : "  precision not reached");
}

}  // namespace wattfor
