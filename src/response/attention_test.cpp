#include "response/attention_test.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

namespace wattfor {
namespace {

constexpr std::size_t fewest_recordings = 4;
constexpr std::size_t fewest_updates = 8;
constexpr double certain = 6.0;  // standard errors that the spread of 8 means stays below by chance
constexpr double drift = 0.02;   // of the mean, that a load's power moves by itself
// What a load's own rise and the moments of its launches leave open, as a share of its swing.
constexpr double least_misfit = 0.005;
constexpr int phases_tried = 64;
constexpr int widths_tried = 60;
constexpr double shortest_width = 0.005;        // in periods
constexpr double longest_time_constant = 20.0;  // 2 τ; from 1 on it is one that always looks

// All times below are in periods: the load is on over [0, 0.5) of each.
double fraction(double time) { return time - std::floor(time); }

double on_until(double time) { return 0.5 * std::floor(time) + std::min(fraction(time), 0.5); }

// The share of the swing that is seen at `time` by a window of that length …
double windowed(double time, double width) {
  return (on_until(time) - on_until(time - width)) / width;
}

// … and by an exponential whose 2 τ is `width`, when the load has gone on for long.
double smoothed(double time, double width) {
  const double tau = 0.5 * width;
  const double since = fraction(time);
  const double turned = 1.0 + std::exp(-0.5 / tau);
  return since < 0.5 ? 1.0 - std::exp(-since / tau) / turned
                     : std::exp(-(since - 0.5) / tau) / turned;
}

// Looks for the least value of a function: the best of a grid, and from there by golden section.
struct Minimum {
  double at = 0.0;
  double value = 0.0;
};

Minimum least(const std::function<double(double)>& f, double low, double high, int tried) {
  constexpr double golden = 0.6180339887498949;
  const double step = (high - low) / tried;
  Minimum best{low, f(low)};
  for (int i = 1; i <= tried; ++i) {
    const double at = low + i * step;
    if (const double value = f(at); value < best.value) best = {at, value};
  }
  double a = std::max(low, best.at - step);
  double b = std::min(high, best.at + step);
  for (int i = 0; i < 30; ++i) {
    const double c = b - golden * (b - a);
    const double d = a + golden * (b - a);
    f(c) < f(d) ? b = d : a = c;
  }
  const double at = 0.5 * (a + b);
  if (const double value = f(at); value < best.value) best = {at, value};
  return best;
}

// The means as shares of the swing, held against what each width makes of the same launches.
class ShapeFit {
 public:
  ShapeFit(std::vector<double> shares, bool exponential)
      : shares_(std::move(shares)), exponential_(exponential) {}

  // The sum of squares that the width leaves at its best phase and level.
  double misfit(double width) const {
    return least([&](double phase) { return misfit(width, phase); }, 0.0, 1.0, phases_tried).value;
  }

  Uncertain<double> width(double noise) const {
    // Evenly in the logarithm, where an exponential's goes far beyond the period.
    const double longest = exponential_ ? longest_time_constant : 1.0;
    const auto of_log = [&](double log_width) { return misfit(std::exp(log_width)); };
    const Minimum best = least(of_log, std::log(shortest_width), std::log(longest), widths_tried);
    const double found = std::exp(best.at);
    const double freedom = std::max(1.0, static_cast<double>(shares_.size()) - 3.0);
    const double variance =
        std::max({noise * noise, best.value / freedom, least_misfit * least_misfit});
    return {found, error(found, longest, best.value, variance)};
  }

 private:
  double misfit(double width, double phase) const {
    const auto n = static_cast<double>(shares_.size());
    double sum = 0.0;
    double squares = 0.0;
    for (std::size_t i = 0; i < shares_.size(); ++i) {
      const double time = phase - static_cast<double>(i) / n;
      const double rest =
          shares_[i] - (exponential_ ? smoothed(time, width) : windowed(time, width));
      sum += rest;
      squares += rest * rest;
    }
    return squares - sum * sum / n;
  }

  // How far the width may go until the misfit has grown by the variance of one mean, the farther of
  // both ways within the widths that can be.
  double error(double found, double longest, double smallest, double variance) const {
    constexpr double finest = 1e-3;
    double error = finest;
    for (const double way : {-1.0, 1.0}) {
      const double end = way < 0.0 ? shortest_width : longest;
      double near = 0.0;
      double far = std::abs(end - found);
      if (misfit(end) - smallest > variance) {
        for (int i = 0; i < 20; ++i) {
          const double middle = 0.5 * (near + far);
          (misfit(found + way * middle) - smallest > variance ? far : near) = middle;
        }
      }
      error = std::max(error, far);
    }
    return error;
  }

  std::vector<double> shares_;
  bool exponential_;
};

Uncertain<double> attention_told_by(const AttentionResult& result, Watts swing, Watts unseen,
                                    ResponseKind kind) {
  // A spread below `unseen` may be there: of a boxcar, spread/swing = T/W − 1.
  if (!result.part_time) return {1.0, std::min(0.5, 0.5 * (unseen / swing))};
  std::vector<double> shares;
  shares.reserve(result.means.size());
  for (const Watts mean : result.means) shares.push_back(mean / swing);
  const ShapeFit fit(std::move(shares), kind == ResponseKind::exponential);
  const Uncertain<double> width = fit.width(result.noise / swing);
  if (width.value < 1.0) return {width.value, std::min(1.0, width.standard_error)};
  return {1.0, std::max(0.0, 1.0 - (width.value - width.standard_error))};
}

}  // namespace

std::optional<AttentionResult> attention_test(std::span<const std::vector<Update>> recordings,
                                              std::optional<Watts> swing, ResponseKind kind) {
  if (recordings.size() < fewest_recordings) return std::nullopt;
  AttentionResult result;
  double variance = 0.0;
  Watts sum_of_means;
  for (const auto& updates : recordings) {
    if (updates.size() < fewest_updates) return std::nullopt;
    const auto n = static_cast<double>(updates.size());
    Watts sum;
    for (const Update& update : updates) sum += update.power;
    const Watts mean = sum / n;
    double squares = 0.0;
    for (const Update& update : updates) {
      squares += std::pow((update.power - mean).value(), 2.0);
    }
    variance += squares / (n - 1.0) / n / static_cast<double>(recordings.size());
    result.means.push_back(mean);
    sum_of_means += mean;
  }
  result.spread = std::ranges::max(result.means) - std::ranges::min(result.means);
  result.noise = Watts(std::sqrt(variance));
  const Watts mean = sum_of_means / static_cast<double>(recordings.size());
  const Watts unseen = std::max(certain * result.noise, drift * mean);
  result.part_time = result.spread > unseen;
  if (swing && *swing > Watts(0.0))
    result.attention = attention_told_by(result, *swing, unseen, kind);
  return result;
}

}  // namespace wattfor
