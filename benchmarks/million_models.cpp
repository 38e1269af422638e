// A store of a million made-up models: how long it takes to load, and once loaded to filter, to
// rank and to find the Pareto front of; the memory that loading needs. Prints one JSON object.
//
//   million_models write MODELS STORE.db MODELS.csv    the same models for a peer
//   million_models measure STORE.db

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/judged_models.h"
#include "analysis/model_filter.h"
#include "analysis/ranking.h"
#include "analysis/scores.h"
#include "base/file.h"
#include "report/models.h"
#include "simulation/random.h"
#include "store/store.h"

namespace {

constexpr int runs = 15;
constexpr std::size_t models_a_file = 50'000;

struct Model {
  std::string name;
  int input_size = 0;
  double energy_j = 0.0;
  double throughput_per_s = 0.0;
  double accuracy_percent = 0.0;
  double parameters = 0.0;
  double macs = 0.0;
};

// Energy and accuracy rise together with much scatter, as the published do.
Model made_up(std::size_t number, wattfor::Random& random) {
  const double work = std::exp(random.uniform(std::log(0.05), std::log(50.0)));
  const double energy = 0.02 * work * std::exp(random.uniform(-0.7, 0.7));
  return {.name = fmt::format("family{:03}_{}.weights_{}", number % 211, number / 3, number % 3),
          .input_size = number % 5 == 0 ? 384 : 224,
          .energy_j = energy,
          .throughput_per_s = 200.0 / energy,
          .accuracy_percent =
              std::clamp(72.0 + 4.0 * std::log(work) + random.uniform(-9.0, 9.0), 1.0, 99.0),
          .parameters = 2e7 * std::sqrt(work),
          .macs = 4e9 * work};
}

void write(std::size_t models, const std::string& store_path, const std::string& csv_path) {
  wattfor::Random random(1);
  wattfor::Store store(store_path, wattfor::StoreAccess::write);
  std::ofstream csv(csv_path);
  csv << "model,input_size,energy_j,throughput_per_s,accuracy_percent,parameters,macs\n";
  wattfor::Setup setup;
  setup.id = setup.label = "made_up";
  for (std::size_t first = 0; first < models; first += models_a_file) {
    wattfor::PublishedTable table{
        .source = {.file = "made up", .sha256 = fmt::format("{:064}", first)}};
    for (std::size_t number = first; number < std::min(models, first + models_a_file); ++number) {
      const Model model = made_up(number, random);
      csv << fmt::format("{},{},{},{},{},{},{}\n", model.name, model.input_size, model.energy_j,
                         model.throughput_per_s, model.accuracy_percent, model.parameters,
                         model.macs);
      table.figures.push_back({.setup = setup,
                               .model = model.name,
                               .input_size = model.input_size,
                               .batch_size = 64,
                               .energy_per_image = {.energy = wattfor::Joules(model.energy_j),
                                                    .absolute = std::nullopt,
                                                    .comparison = std::nullopt},
                               .throughput_per_s = model.throughput_per_s});
      table.accuracies.push_back({.model = model.name,
                                  .input_size = model.input_size,
                                  .test_set = "imagenet-original",
                                  .top1_percent = model.accuracy_percent,
                                  .top5_percent = std::nullopt});
      table.statistics.push_back({.model = model.name,
                                  .input_size = model.input_size,
                                  .counter = "made up",
                                  .parameters = model.parameters,
                                  .macs = model.macs});
    }
    store.add({table});
  }
}

template <class Work>
double milliseconds(Work work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
      .count();
}

template <class Work>
double median_ms(Work work) {
  std::vector<double> times;
  for (int run = 0; run < runs; ++run) times.push_back(milliseconds(work));
  std::ranges::nth_element(times, times.begin() + runs / 2);
  return times[runs / 2];
}

// The most memory that the process ever held, in MB.
double peak_mb() {
  const std::string text = wattfor::read_file("/proc/self/status");
  constexpr std::string_view label = "\nVmHWM:";
  return std::strtod(text.c_str() + text.find(label) + label.size(), nullptr) * 1024.0 / 1e6;
}

void measure(const std::string& store_path) {
  std::optional<wattfor::ModelTable> loaded;
  const double load_ms = milliseconds(
      [&] { loaded = models_of(wattfor::Store(store_path, wattfor::StoreAccess::read)); });
  const double loaded_mb = peak_mb();
  const wattfor::ModelTable& table = *loaded;
  const wattfor::SetupColumns& setup = table.setups.front();
  const auto energy = setup.energy_j.values();
  const std::vector<std::string> test_sets{"imagenet-original"};
  const std::vector<double> accuracy = wattfor::mean_accuracy(table, test_sets);

  const std::vector<wattfor::ColumnLimit> limits{
      {.column = accuracy, .least = 75.0},
      {.column = energy, .most = 0.5},
      {.column = table.counters.front().parameters.values(), .most = 5e7},
      {.column = setup.throughput_per_s.values(), .least = 300.0}};
  wattfor::FilteredRows filtered;
  const double filter_ms = median_ms([&] { filtered = wattfor::filter_rows(energy, limits); });

  const auto all = wattfor::filter_rows(energy, {}).rows;
  std::vector<wattfor::RankedRow> ranked;
  const auto rank_by = [&](wattfor::Score score) {
    return median_ms([&] {
      const auto scores =
          wattfor::scores_of(score, accuracy, energy, wattfor::energy_range(energy), 0.5);
      ranked = wattfor::ranking(scores, energy, all, 20);
    });
  };
  const double rank_log_ms = rank_by(wattfor::Score::log_manhattan);
  const double rank_ms = rank_by(wattfor::Score::manhattan);

  wattfor::JudgedModels front;
  const double front_ms =
      median_ms([&] { front = wattfor::front_of(wattfor::judged_models(setup, accuracy)); });
  fmt::print(R"({{"models": {}, "load_ms": {}, "loaded_mb": {}, "filter_ms": {}, "rank_ms": {}, )"
             R"("rank_log_ms": {}, "front_ms": {}, "passed": {}, "first": "{}", "front": {}}})"
             "\n",
             table.rows(), load_ms, loaded_mb, filter_ms, rank_ms, rank_log_ms, front_ms,
             filtered.rows.size(), table.models[ranked.front().row].model, front.rows.size());
}

}  // namespace

int main(int count, char** arguments) {
  const std::span words(arguments, static_cast<std::size_t>(count));
  if (words.size() == 5 && std::string_view(words[1]) == "write") {
    write(std::strtoull(words[2], nullptr, 10), words[3], words[4]);
  } else if (words.size() == 3 && std::string_view(words[1]) == "measure") {
    measure(words[2]);
  } else {
    fmt::print(stderr, "usage: {} write MODELS STORE.db MODELS.csv | measure STORE.db\n", words[0]);
    return 2;
  }
}
