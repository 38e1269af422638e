#pragma once

#include <optional>
#include <string>
#include <tuple>

#include "units/quantity.h"

namespace wattfor {

// What it took to train a model, as somebody states it. What is not stated is unknown: an empty
// text, or nothing.
struct TrainingRun {
  std::string model;         // never empty
  std::string task = {};     // "semantic segmentation"
  std::string dataset = {};  // trained and tested on: "Cityscapes"
  std::optional<int> year = std::nullopt;
  std::optional<double> gflops_per_forward = std::nullopt;
  std::optional<double> parameters = std::nullopt;
  std::string device = {};  // "NVIDIA V100 32GB"
  std::optional<int> device_count = std::nullopt;
  std::optional<int> batch_size = std::nullopt;
  std::optional<double> epochs = std::nullopt;         // a part of one where it was stopped
  std::optional<double> data_fraction = std::nullopt;  // of the data set, above 0 up to 1
  std::string pretrain_dataset = {};
  // What is stated apart. `train` holds the pre-training too where the source counts it in.
  std::optional<Joules> pretrain = std::nullopt;
  std::optional<Joules> train = std::nullopt;
  std::optional<Joules> finetune = std::nullopt;
  std::optional<Joules> test = std::nullopt;
  std::string metric = {};  // "mIoU", "top-1"
  std::optional<double> accuracy_percent = std::nullopt;

  // What makes two statements of one run: of those with an equal key the newest counts.
  auto key() const {
    return std::tuple(task, dataset, model, device, device_count, batch_size, epochs, data_fraction,
                      pretrain_dataset);
  }

  bool operator==(const TrainingRun&) const = default;
};

}  // namespace wattfor
