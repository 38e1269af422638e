#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "measurement/measurement.h"
#include "measurement/published.h"
#include "server/store_content.h"
#include "store/store.h"
#include "support/temp_tree.h"

namespace wattfor::test {

// Two published models on one setup, one of them with a name that is markup.
inline std::vector<PublishedTable> sample_tables() {
  PublishedTable table;
  table.source = {.file = "study.csv", .sha256 = "ab"};
  const Setup setup{.id = "A100_PT",
                    .label = "A100 · PyTorch",
                    .device = "A100",
                    .runtime = "PyTorch",
                    .runtime_version = "2",
                    .precision = "fp32"};
  double energy = 0.1;
  for (const char* model : {"resnet50", "<script>alert(1)</script>"}) {
    PublishedFigure figure;
    figure.setup = setup;
    figure.model = model;
    figure.input_size = 224;
    figure.energy_per_image.energy = Joules(energy *= 2.0);
    table.figures.push_back(figure);
    table.accuracies.push_back({.model = model,
                                .input_size = 224,
                                .test_set = "imagenet-original",
                                .top1_percent = 80.0,
                                .top5_percent = std::nullopt});
  }
  return {table};
}

// Its state, as the server reads it.
inline StoreState sample_state() {
  Store store(":memory:", StoreAccess::write);
  store.add(sample_tables());
  return {.content = std::make_shared<const StoreContent>(store), .problem = ""};
}

}  // namespace wattfor::test
