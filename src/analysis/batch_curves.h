#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/energy_ratio.h"
#include "measurement/measurement.h"
#include "measurement/model_table.h"

namespace wattfor {

// What a model came to at one batch size.
struct BatchPoint {
  int batch_size = 0;
  EnergyFigure energy_per_image;
  Basis basis = Basis::missing;
  double throughput_per_s = 0.0;  // images
  double latency_ms = 0.0;        // of one batch
  Watts mean_power;               // throughput · energy per image
  // The "TDP line" of the inference study (figure 7): what an image would take if the device drew
  // its power limit all the while, limit / throughput. The limit that the record tells, else that
  // of a known device (known_devices.h); absent where there is none, where several devices have
  // one, and where more than GPUs is in the energy. An energy below it leaves a part of the device
  // idle.
  std::optional<Joules> energy_at_limit;
};

// The energy of an image over the batch size, of one model on one setup.
struct BatchCurve {
  std::string setup;  // its id
  ModelKey model;
  std::vector<BatchPoint> points;  // by batch size, two at least
  std::size_t best = 0;            // the point of the least energy
  // What the smallest batch size takes, over the best. No interval where they are the same.
  EnergyRatio smallest_over_best;
};

// Of cells of one model on one setup that are done, each with an energy above zero. Of several
// cells of one batch size that of the least energy counts, as where a model's best batch size is
// looked for. Nothing where there are fewer than two batch sizes.
std::optional<BatchCurve> batch_curve(std::span<const Measurement* const> cells);

// Greatest over least energy of a curve's points: how much the batch size matters.
double energy_span(const BatchCurve& curve);

}  // namespace wattfor
