// How many updates a second the corrected integrator takes in, energies of windows included, on one
// core: a stream of 10⁶ updates of a gauge that looks part of the time, and the energy of a window
// after every 1,000 of them. Beside it the integral that is usual, by trapezoids over the same
// numbers and windows. The two run in turn. Prints one JSON object.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <span>
#include <vector>

#include "response/padded_energy.h"
#include "response/update_series.h"
#include "simulation/random.h"

namespace {

using wattfor::Joules;
using wattfor::Seconds;
using wattfor::Update;
using wattfor::Watts;

constexpr std::size_t updates = 1'000'000;
constexpr std::size_t updates_a_window = 1'000;
constexpr int runs = 15;
constexpr Seconds period{0.1};
constexpr Seconds padding{1.0};

std::vector<Update> stream() {
  wattfor::Random random(1);
  std::vector<Update> result;
  result.reserve(updates);
  for (std::size_t k = 0; k < updates; ++k) {
    result.push_back({static_cast<double>(k) * period, Watts(random.uniform(100.0, 400.0))});
  }
  return result;
}

// A window that ends 20 updates before the k-th, so that what comes after it is known.
struct Window {
  Seconds from;
  Seconds to;
};
Window window_before(std::size_t k) {
  const auto end = static_cast<double>(k) - 20.5;
  return {(end - 900.0) * period, end * period};
}

Joules corrected(std::span<const Update> stream) {
  const wattfor::Kernel kernel{.kind = wattfor::ResponseKind::boxcar, .window = Seconds(0.025)};
  wattfor::UpdateSeries series(period);
  Joules sum;
  for (std::size_t k = 0; k < stream.size(); ++k) {
    series.add(stream[k].time, stream[k].power);
    if ((k + 1) % updates_a_window == 0) {
      const Window window = window_before(k);
      sum += wattfor::padded_energy(series, kernel, window.from, window.to, padding).energy;
    }
  }
  return sum;
}

Joules naive(std::span<const Update> stream) {
  Joules sum;
  for (std::size_t k = updates_a_window; k <= stream.size(); k += updates_a_window) {
    const Window window = window_before(k - 1);
    sum += wattfor::naive_energy(stream.first(k), window.from, window.to);
  }
  return sum;
}

template <class Integral>
double updates_per_s(const Integral& integral, std::span<const Update> stream, Joules& sum) {
  const auto start = std::chrono::steady_clock::now();
  sum += integral(stream);
  const Seconds took = std::chrono::steady_clock::now() - start;
  return static_cast<double>(stream.size()) / took.count();
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

}  // namespace

int main() {
  const std::vector<Update> updates_of_a_day = stream();
  std::vector<double> ours;
  std::vector<double> usual;
  Joules sum;  // printed, so that the work is done
  for (int run = 0; run < runs; ++run) {
    ours.push_back(updates_per_s(corrected, updates_of_a_day, sum));
    usual.push_back(updates_per_s(naive, updates_of_a_day, sum));
  }
  fmt::print(
      "{{\"updates\": {}, \"windows\": {}, \"runs\": {}, \"corrected_per_s\": {}, "
      "\"naive_per_s\": {}, \"checksum_j\": {}}}\n",
      updates, updates / updates_a_window, runs, median(ours), median(usual), sum.value());
  return 0;
}
