#include "response/response_fit.h"

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "response/fit_errors.h"
#include "response/kernel_view.h"

namespace wattfor {
namespace {

constexpr std::size_t fewest_fitted = 12;
constexpr std::size_t enough_to_start = 600;  // updates that the search for a start looks at
constexpr Seconds start_spacing{0.01};        // of the delays tried
constexpr double start_share = 0.2;           // … of wide windows, as a share of them
constexpr double start_ratio = 1.8;           // of the widths tried …
constexpr double most_widths = 100.0;         // … of which there are no more
constexpr std::size_t starts_refined = 3;     // for valleys beside the deepest one
constexpr int reweightings = 2;
constexpr int most_iterations = 30;
constexpr double worth_a_doubt = 10.0;   // difference of two criteria
constexpr double to_deviation = 1.4826;  // of normal noise, from the median modulus

// The parameters that enter otherwise than linearly.
enum Parameter : std::size_t { delay, width, rise };
constexpr std::size_t parameters = 3;
using Theta = std::array<double, parameters>;  // seconds

constexpr Eigen::Index index_of(std::size_t parameter) {
  return static_cast<Eigen::Index>(parameter);
}

Column evenly(double from, double to, double spacing) {
  Column places(to < from ? 0 : static_cast<std::size_t>((to - from) / spacing) + 1, from);
  for (std::size_t i = 0; i < places.size(); ++i) places[i] += spacing * static_cast<double>(i);
  return places;
}

double median_modulus(Column values) {
  for (double& value : values) value = std::abs(value);
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

// Readings = gain · shown + offset, with what they leave over.
struct LinearFit {
  double gain = 0.0;
  double offset = 0.0;
  Column rest;
  double squares = std::numeric_limits<double>::infinity();  // weighted
};

class Search {
 public:
  Search(ResponseKind kind, const ObservedResponse& observed, const FitLimits& limits)
      : kind_(kind), observed_(observed), limits_(limits) {
    const double narrowest = observed.resolution.count();
    least_ = {limits.least_delay.count(), narrowest, 0.0};
    greatest_ = {limits.greatest_delay.count(), limits.greatest_width.count(),
                 limits.greatest_rise.count()};
    if (kind == ResponseKind::exponential) {
      least_[width] = std::max(narrowest, limits.least_time_constant.count());
    }
    if (kind == ResponseKind::instantaneous) greatest_[width] = narrowest;
    for (std::size_t j = 0; j < parameters; ++j) free_[j] = greatest_[j] > least_[j];
    weights_.assign(observed.updates.size(), 1.0);
    step_ = 0.25 * narrowest;
  }

  // The best delay of each width, the best of them first.
  std::vector<Theta> starts() const {
    std::vector<std::pair<double, Theta>> tried;
    const double ratios = std::log(greatest_[width] / least_[width]) / std::log(start_ratio);
    const auto widths = static_cast<std::size_t>(std::clamp(ratios, 0.0, most_widths)) + 1;
    tried.reserve(widths);
    for (std::size_t i = 0; i < widths; ++i) {
      const double w = least_[width] * std::pow(start_ratio, static_cast<double>(i));
      std::pair<double, Theta> best{std::numeric_limits<double>::infinity(), least_};
      const double spacing = std::max(start_spacing.count(), start_share * w);
      for (const double d : evenly(least_[delay], greatest_[delay], spacing)) {
        const Theta theta{d, w, 0.25 * greatest_[rise]};
        best = std::min(best, {squares(theta), theta});
      }
      tried.push_back(best);
    }
    std::ranges::sort(tried);
    if (tried.size() > starts_refined) tried.resize(starts_refined);
    std::vector<Theta> result;
    result.reserve(tried.size());
    for (const auto& [squares, theta] : tried) result.push_back(sharpened(theta));
    return result;
  }

  // Levenberg's and Marquardt's method, the gain and the offset projected out.
  Theta refine(Theta theta) const {
    LinearFit now = linear(shown(theta));
    double damping = 1e-2;
    for (int i = 0; i < most_iterations && damping < 1e6; ++i) {
      std::array<Column, parameters> slopes;
      for (std::size_t j = 0; j < parameters; ++j) {
        if (free_[j]) slopes[j] = slope(theta, now, j);
      }
      Eigen::Matrix3d normal = Eigen::Matrix3d::Identity();
      Eigen::Vector3d gradient = Eigen::Vector3d::Zero();
      for (std::size_t j = 0; j < parameters; ++j) {
        if (!free_[j]) continue;
        gradient(index_of(j)) = product(slopes[j], now.rest);
        for (std::size_t l = 0; l < parameters; ++l) {
          if (free_[l]) normal(index_of(j), index_of(l)) = product(slopes[j], slopes[l]);
        }
      }
      bool better = false;
      while (!better && damping < 1e6) {
        Eigen::Matrix3d damped = normal;
        for (Eigen::Index j = 0; j < 3; ++j) damped(j, j) += damping * normal(j, j) + 1e-300;
        const Eigen::Vector3d change = damped.ldlt().solve(gradient);
        Theta tried = theta;
        for (std::size_t j = 0; j < parameters; ++j) {
          if (free_[j])
            tried[j] = std::clamp(theta[j] - change(index_of(j)), least_[j], greatest_[j]);
        }
        LinearFit fit = linear(shown(tried));
        better = fit.squares < now.squares;
        if (better) {
          const bool done = now.squares - fit.squares < 1e-9 * now.squares;
          theta = tried;
          now = std::move(fit);
          damping = done ? 1e9 : std::max(1e-6, 0.2 * damping);
        } else {
          damping *= 5.0;
        }
      }
    }
    return theta;
  }

  double squares(const Theta& theta) const { return linear(shown(theta)).squares; }

  // An update on a steep part of the response is known worse.
  void weigh(const Theta& theta) {
    const LinearFit fit = linear(shown(theta));
    noise_ = noise_of(fit.rest);
    const Column steepness = difference(theta, delay);
    for (std::size_t k = 0; k < weights_.size(); ++k) {
      const double timing = fit.gain * steepness[k] * observed_.timing_error.count();
      weights_[k] = noise_ * noise_ / (noise_ * noise_ + timing * timing);
    }
  }

  std::optional<ResponseFit> result(const Theta& theta) const;

 private:
  // A response that is over within a poll has a valley narrower than the delays tried so far.
  Theta sharpened(const Theta& theta) const {
    Theta best = theta;
    double squares = linear(shown(theta)).squares;
    const double from = std::max(least_[delay], theta[delay] - start_spacing.count());
    const double to = std::min(greatest_[delay], theta[delay] + start_spacing.count());
    const double spacing = std::max(2.0 * step_, 0.05 * start_spacing.count());
    for (const double d : evenly(from, to, spacing)) {
      Theta tried = theta;
      tried[delay] = d;
      const double found = linear(shown(tried)).squares;
      if (found < squares) {
        squares = found;
        best = tried;
      }
    }
    return best;
  }

  Kernel kernel_of(const Theta& theta) const {
    Kernel kernel{.kind = kind_, .delay = Seconds(theta[delay])};
    if (kind_ == ResponseKind::exponential) {
      kernel.time_constant = Seconds(theta[width]);
      return kernel;
    }
    if (kind_ == ResponseKind::instantaneous) {
      kernel.kind = ResponseKind::boxcar;
      kernel.delay -= 0.5 * Seconds(theta[width]);
    }
    kernel.window = Seconds(theta[width]);
    return kernel;
  }

  Column shown(const Theta& theta) const {
    KernelView view(observed_.course, kernel_of(theta), Seconds(theta[rise]));
    Column result;
    result.reserve(observed_.updates.size());
    for (const Update& update : observed_.updates) result.push_back(view.at(update.time).value());
    return result;
  }

  LinearFit linear(const Column& x) const {
    const auto updates = observed_.updates;
    double sum = 0.0;
    double mean_x = 0.0;
    double mean_y = 0.0;
    for (std::size_t k = 0; k < x.size(); ++k) {
      sum += weights_[k];
      mean_x += weights_[k] * x[k];
      mean_y += weights_[k] * updates[k].power.value();
    }
    mean_x /= sum;
    mean_y /= sum;
    double xx = 0.0;
    double xy = 0.0;
    for (std::size_t k = 0; k < x.size(); ++k) {
      xx += weights_[k] * (x[k] - mean_x) * (x[k] - mean_x);
      xy += weights_[k] * (x[k] - mean_x) * (updates[k].power.value() - mean_y);
    }
    LinearFit fit;
    fit.gain = std::clamp(xx > 0.0 ? xy / xx : 0.0, limits_.least_gain, limits_.greatest_gain);
    fit.offset = mean_y - fit.gain * mean_x;
    fit.rest.reserve(x.size());
    fit.squares = 0.0;
    for (std::size_t k = 0; k < x.size(); ++k) {
      fit.rest.push_back(updates[k].power.value() - fit.gain * x[k] - fit.offset);
      fit.squares += weights_[k] * fit.rest[k] * fit.rest[k];
    }
    return fit;
  }

  double product(const Column& a, const Column& b) const {
    double sum = 0.0;
    for (std::size_t k = 0; k < a.size(); ++k) sum += weights_[k] * a[k] * b[k];
    return sum;
  }

  // Both sides of a parameter, as far as it may go; the response has corners.
  struct Sides {
    Theta low;
    Theta high;
    double distance = 0.0;
  };
  Sides beside(const Theta& theta, std::size_t j) const {
    Sides sides{.low = theta, .high = theta};
    sides.low[j] = std::max(least_[j], theta[j] - step_);
    sides.high[j] = std::min(greatest_[j], theta[j] + step_);
    sides.distance = sides.high[j] - sides.low[j];
    return sides;
  }

  // By how much the rest changes with parameter j, gain and offset following.
  Column slope(const Theta& theta, const LinearFit& now, std::size_t j) const {
    const Sides sides = beside(theta, j);
    Column low = sides.low == theta ? now.rest : linear(shown(sides.low)).rest;
    const Column high = sides.high == theta ? now.rest : linear(shown(sides.high)).rest;
    for (std::size_t k = 0; k < low.size(); ++k) low[k] = (high[k] - low[k]) / sides.distance;
    return low;
  }

  // By how much what a reading of gain 1 shows changes with parameter j.
  Column difference(const Theta& theta, std::size_t j) const {
    const Sides sides = beside(theta, j);
    Column low = shown(sides.low);
    const Column high = shown(sides.high);
    for (std::size_t k = 0; k < low.size(); ++k) low[k] = (high[k] - low[k]) / sides.distance;
    return low;
  }

  double noise_of(const Column& rest) const {
    const auto [low, high] = std::ranges::minmax(observed_.updates, {}, &Update::power);
    constexpr double floor_of_noise = 1e-4;  // of the readings' range
    return std::max(to_deviation * median_modulus(rest),
                    floor_of_noise * (high.power - low.power).value());
  }

  bool at_limit(const Theta& theta, std::size_t j) const {
    const double near = 0.5 * step_;
    return theta[j] < least_[j] + near || theta[j] > greatest_[j] - near;
  }

  ResponseKind kind_;
  const ObservedResponse& observed_;
  FitLimits limits_;
  Theta least_{};
  Theta greatest_{};
  std::array<bool, parameters> free_{};
  Column weights_;
  double step_ = 0.0;
  double noise_ = 0.0;
};

std::optional<ResponseFit> Search::result(const Theta& theta) const {
  const Column x = shown(theta);
  const LinearFit fit = linear(x);
  const std::size_t rows = x.size();

  std::vector<Column> columns{x, Column(rows, 1.0)};
  std::array<std::optional<std::size_t>, parameters> column_of;
  for (std::size_t j = 0; j < parameters; ++j) {
    if (!free_[j]) continue;
    column_of[j] = columns.size();
    columns.push_back(difference(theta, j));
    for (double& value : columns.back()) value *= fit.gain;
  }
  const std::size_t telling = kind_ == ResponseKind::instantaneous ? delay : width;
  const auto errors = standard_errors(columns, weights_, fit.rest);
  if (!errors) return std::nullopt;
  const auto error_of = [&](std::size_t j, double otherwise) {
    return Seconds(column_of[j] ? (*errors)[*column_of[j]] : otherwise);
  };

  ResponseFit result{.kernel = {.kind = kind_, .delay = Seconds(theta[delay])},
                     .gain = {fit.gain, (*errors)[0]},
                     .offset = {Watts(fit.offset), Watts((*errors)[1])},
                     .delay_error = error_of(delay, 0.0),
                     .width_error = error_of(width, theta[width]),
                     .rise = Seconds(theta[rise]),
                     .noise = Watts(noise_)};
  if (kind_ == ResponseKind::instantaneous) {
    // Anywhere between two polls.
    result.delay_error = std::max(result.delay_error, observed_.resolution / std::sqrt(12.0));
  }
  if (kind_ == ResponseKind::boxcar) result.kernel.window = Seconds(theta[width]);
  if (kind_ == ResponseKind::exponential) result.kernel.time_constant = Seconds(theta[width]);
  result.at_a_limit = at_limit(theta, delay) || (free_[width] && at_limit(theta, width));

  result.evidence = evidence_of(columns[*column_of[telling]], weights_);
  double mean = 0.0;
  for (const Update& update : observed_.updates) {
    mean += update.power.value() / static_cast<double>(rows);
  }
  double total = 0.0;
  double left = 0.0;
  double logarithms = 0.0;
  for (std::size_t k = 0; k < rows; ++k) {
    const double deviation = observed_.updates[k].power.value() - mean;
    total += deviation * deviation;
    left += fit.rest[k] * fit.rest[k];
    logarithms -= std::log(weights_[k] / (noise_ * noise_));
    result.readings.emplace_back(fit.gain * x[k] + fit.offset);
  }
  result.explained = total > 0.0 ? 1.0 - left / total : 0.0;
  const auto n = static_cast<double>(rows);
  result.criterion = n * std::log(fit.squares / (noise_ * noise_) / n) + logarithms +
                     static_cast<double>(columns.size()) * std::log(n);
  return result;
}

// The deepest of the valleys near the best starts.
Theta best_start(ResponseKind kind, const ObservedResponse& observed, const FitLimits& limits) {
  // Spread over the whole recording: a stretch of it may be idle.
  const std::size_t stride = (observed.updates.size() + enough_to_start - 1) / enough_to_start;
  std::vector<Update> some;
  for (std::size_t k = 0; k < observed.updates.size(); k += stride) {
    some.push_back(observed.updates[k]);
  }
  ObservedResponse thinned = observed;
  thinned.updates = some;
  const Search search(kind, thinned, limits);
  std::pair<double, Theta> best{std::numeric_limits<double>::infinity(), Theta{}};
  for (const Theta& start : search.starts()) {
    const Theta refined = search.refine(start);
    best = std::min(best, {search.squares(refined), refined});
  }
  return best.second;
}

std::optional<ResponseFit> fit_of(ResponseKind kind, const ObservedResponse& observed,
                                  const FitLimits& limits) {
  Search search(kind, observed, limits);
  Theta theta = search.refine(best_start(kind, observed, limits));
  for (int i = 0; i < reweightings; ++i) {
    search.weigh(theta);
    theta = search.refine(theta);
  }
  return search.result(theta);
}

}  // namespace

std::optional<ResponseFit> fit_response(ResponseKind kind, const ObservedResponse& observed,
                                        const FitLimits& limits) {
  if (observed.updates.size() < fewest_fitted) return std::nullopt;
  if (limits.greatest_rise <= Seconds(0.0)) return fit_of(kind, observed, limits);
  // A rise that is not needed takes some of the delay.
  FitLimits sharp = limits;
  sharp.greatest_rise = Seconds(0.0);
  auto without = fit_of(kind, observed, sharp);
  auto with = fit_of(kind, observed, limits);
  if (!with || !without) return with ? with : without;
  auto& better = without->criterion <= with->criterion ? without : with;
  const auto& other = &better == &with ? without : with;
  // Whether there is a small rise can hardly be seen, and moves the delay by as much.
  if (other->criterion - better->criterion < worth_a_doubt) {
    const auto moved = [](Seconds a, Seconds b) { return a > b ? a - b : b - a; };
    better->delay_error =
        std::max({std::min(with->delay_error, limits.greatest_rise), without->delay_error,
                  moved(with->kernel.delay, without->kernel.delay)});
    better->width_error = std::max({with->width_error, without->width_error,
                                    moved(width_of(with->kernel), width_of(without->kernel))});
  }
  return better;
}

}  // namespace wattfor
