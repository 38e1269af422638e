#pragma once

#include <optional>
#include <string>
#include <vector>

#include "measurement/measurement.h"
#include "measurement/training_run.h"

namespace wattfor {

// A model's energy in a setup as others published it: of one batch size, their best.
struct PublishedFigure {
  Setup setup;
  std::string model;
  int input_size = 0;
  Basis basis = Basis::measured;
  std::optional<int> batch_size = std::nullopt;
  EnergyFigure energy_per_image = {};
  std::optional<double> throughput_per_s = std::nullopt;  // images
  std::optional<double> latency_ms = std::nullopt;        // of one batch

  bool operator==(const PublishedFigure&) const = default;
};

// What a program counted in a model. Counters disagree about what they count, so a number stands
// beside its counter, and no statistic mixes two.
struct ModelStatistics {
  std::string model;
  int input_size = 0;
  std::string counter = {};  // "timm", "ptflops", "torchinfo", …
  std::optional<double> parameters = std::nullopt;
  std::optional<double> macs = std::nullopt;  // multiply-accumulates of one image
  std::optional<double> activations =
      std::nullopt;  // numbers that its layers put out for one image

  bool operator==(const ModelStatistics&) const = default;
};

// What one published file holds.
struct PublishedTable {
  Source source;
  std::vector<PublishedFigure> figures = {};
  std::vector<Accuracy> accuracies = {};
  std::vector<ModelStatistics> statistics = {};
  std::vector<TrainingRun> training_runs = {};
  std::vector<Measurement> measurements = {};  // by another program
};

}  // namespace wattfor
