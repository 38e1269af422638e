#include "dataset/study.h"

#include <fmt/format.h>

#include <array>
#include <string>
#include <string_view>

#include "base/error.h"
#include "dataset/table_file.h"

namespace wattfor {
namespace {

// Of the study's table 1 and section 3.
struct StudySetup {
  std::string_view id;
  std::string_view device;
  std::string_view runtime;
  std::string_view runtime_version;
  std::string_view precision;
};
constexpr std::array setups{
    StudySetup{"A100_PT", "NVIDIA A100 PCIe 40GB", "PyTorch", "2.4", "fp32"},
    StudySetup{"A100_TRT", "NVIDIA A100 PCIe 40GB", "TensorRT", "", "fp16"},
    StudySetup{"H100_PT", "NVIDIA H100 PCIe 80GB", "PyTorch", "2.4", "fp32"},
    StudySetup{"H100_TRT", "NVIDIA H100 PCIe 80GB", "TensorRT", "", "fp16"},
};

constexpr double joules_per_millijoule = 1e-3;
constexpr double millions = 1e6;

Setup setup_of(const StudySetup& setup) {
  return {.id = std::string(setup.id),
          .label = fmt::format("{} · {}{}{} · {}", setup.device, setup.runtime,
                               setup.runtime_version.empty() ? "" : " ", setup.runtime_version,
                               setup.precision),
          .device = std::string(setup.device),
          .runtime = std::string(setup.runtime),
          .runtime_version = std::string(setup.runtime_version),
          .precision = std::string(setup.precision),
          .threads = 0};
}

constexpr Terms study_terms{.licence = "MIT",
                            .origin = "github JimZeyuYang/DL-Inference-Energy-Efficiency"};

std::string path_of(const std::filesystem::path& folder, std::string_view name) {
  return (folder / fmt::format("{}.csv", name)).string();
}

void read_figures(const std::filesystem::path& folder, const StudySetup& setup,
                  ImportedTables& data) {
  enum Column : std::size_t { model_name, side, batch, throughput, latency, energy };
  constexpr std::array<std::string_view, 6> columns{"Model Name", "Input Size", "Optimal BS",
                                                    "Throughput", "Latency",    "Energy"};
  const Setup described = setup_of(setup);
  TableFile file(path_of(folder, setup.id), study_terms, data);
  file.each_model(columns, columns.size(), fmt::format("energies of {}", setup.id),
                  [&](DataTable& table, const std::string& model, int input_size) {
                    const auto millijoules = table.positive(energy, "millijoules");
                    PublishedFigure figure{
                        .setup = described,
                        .model = model,
                        .input_size = input_size,
                        .basis = Basis::measured,
                        .batch_size = table.count(batch),
                        .energy_per_image = {},
                        .throughput_per_s = table.positive(throughput, "images/s"),
                        .latency_ms = table.positive(latency, "milliseconds")};
                    if (!millijoules || !table.is_usable()) return false;
                    figure.energy_per_image.energy = Joules(*millijoules * joules_per_millijoule);
                    file.table().figures.push_back(std::move(figure));
                    return true;
                  });
}

void read_accuracies(const std::filesystem::path& folder, ImportedTables& data) {
  constexpr std::array<std::string_view, 10> columns{"Model Name",
                                                     "Input Size",
                                                     "imagenet-original",
                                                     "imagenet-real",
                                                     "imagenetv2-matched-frequency",
                                                     "sketch",
                                                     "imagenet-a",
                                                     "imagenet-a-clean",
                                                     "imagenet-r",
                                                     "imagenet-r-clean"};
  constexpr std::size_t first_test_set = 2;
  TableFile file(path_of(folder, "model_accuracy"), study_terms, data);
  file.each_model(columns, columns.size(), "accuracies",
                  [&](DataTable& table, const std::string& model, int input_size) {
                    bool told = false;
                    for (std::size_t column = first_test_set; column < columns.size(); ++column) {
                      const auto percent = table.percent(column);
                      if (!percent) continue;
                      told = true;
                      file.table().accuracies.push_back({.model = model,
                                                         .input_size = input_size,
                                                         .test_set = std::string(columns[column]),
                                                         .top1_percent = percent,
                                                         .top5_percent = std::nullopt});
                    }
                    return told;
                  });
}

void read_statistics(const std::filesystem::path& folder, ImportedTables& data) {
  // `input_size_csv` is the size that accuracies and energies stand under.
  enum Column : std::size_t {
    model_name,
    side,
    timm_millions,
    torchinfo_parameters,
    torchinfo_macs,
    ptflops_parameters,
    ptflops_macs,
    activations
  };
  constexpr std::array<std::string_view, 8> columns{
      "model_name", "input_size_csv", "params_csv",   "params_tinfo",
      "macs_tinfo", "params_ptflops", "macs_ptflops", "activations"};
  TableFile file(path_of(folder, "model_stats"), study_terms, data);
  file.each_model(
      columns, columns.size(), "model statistics",
      [&](DataTable& table, const std::string& model, int input_size) {
        const auto number = [&](Column column) { return table.positive(column, "a number"); };
        auto timm = number(timm_millions);
        if (timm) *timm *= millions;
        bool told = false;
        const auto add = [&](const char* counter, std::optional<double> parameters,
                             std::optional<double> macs, std::optional<double> outputs) {
          if (!parameters && !macs && !outputs) return;
          told = true;
          file.table().statistics.push_back({.model = model,
                                             .input_size = input_size,
                                             .counter = counter,
                                             .parameters = parameters,
                                             .macs = macs,
                                             .activations = outputs});
        };
        add("timm", timm, std::nullopt, std::nullopt);
        add("torchinfo", number(torchinfo_parameters), number(torchinfo_macs), std::nullopt);
        add("ptflops", number(ptflops_parameters), number(ptflops_macs), std::nullopt);
        add("study", std::nullopt, std::nullopt, number(activations));
        return told;
      });
}

}  // namespace

ImportedTables read_study(const std::filesystem::path& folder) {
  if (!std::filesystem::is_directory(folder)) {
    throw Error(ErrorCode::not_found,
                fmt::format("{}: expected the folder of the study's data set, with A100_PT.csv, "
                            "model_accuracy.csv, model_stats.csv",
                            folder.string()));
  }
  ImportedTables data;
  for (const StudySetup& setup : setups) read_figures(folder, setup, data);
  read_accuracies(folder, data);
  read_statistics(folder, data);
  return data;
}

}  // namespace wattfor
