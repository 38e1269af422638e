#pragma once

#include <span>
#include <string>
#include <vector>

#include "measurement/measurement.h"
#include "store/store.h"

namespace wattfor {

// What the cells of one model come to on one setup.
struct ModelFigure {
  std::string model;
  int input_size = 0;
  // At the batch size with the least energy per image; null where no cell has an energy. Points
  // into the records that were given.
  const Measurement* best = nullptr;
  // All that `best` was chosen among: done, with an energy. The same batch size may have several
  // cells, of different protocols.
  std::vector<const Measurement*> cells;
  bool is_imported = false;  // measured elsewhere
  std::string reason;        // why there is none
};

// The models of the cells that were measured on `setup_id`, by name and input size. Simulated
// records are left out; of several records of one cell that is done the last in `records` counts,
// and of a model whose file changed only the last file. What was measured here is never mixed with
// what was `imported`: of a model that has an energy of its own the imported records are left out.
std::vector<ModelFigure> best_batches(std::span<const Measurement> records,
                                      const std::string& setup_id, const RecordIds& imported = {});

}  // namespace wattfor
