#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "analysis/epoch_variation.h"
#include "analysis/variance_sum.h"

namespace wattfor {

// The epochs of runs of one training at several shares of its data, and what linear functions of
// the runs' means are uncertain by. training_extrapolation.h has the model.

// What repetitions are taken to vary by, as a relative standard deviation, where none was made: one
// epoch alone, or the energy before the first epoch from one run. A tenth is the upper end of what
// is expected of a training's epochs (from a few tenths of a percent with a board's clocks held to
// several percent with other programs about): with nothing measured, too wide is the lesser error.
// It does not stand for a warm-up, which can be many times that.
inline constexpr double assumed_spread = 0.1;

struct RunOfEpochs {
  double data_fraction = 1.0;
  EpochEnergies epochs;
};

class TrainingEpochs {
 public:
  // At least one run, each with at least one epoch; shares within 0.1 % count as one.
  explicit TrainingEpochs(std::vector<RunOfEpochs> runs);

  struct Run {
    double data_fraction = 1.0;
    EpochEnergies epochs;
    SteadyEpochs steady;
    double mean_variance = 0.0;  // of the steady mean, in variances of an epoch
    double weight = 0.0;         // of the steady mean; zero for a run that has none
    std::size_t share = 0;       // its place in `shares()`
  };
  std::span<const Run> runs() const { return runs_; }

  // Of the runs that have epochs after the warm-up, ascending.
  std::span<const double> shares() const { return shares_; }
  std::size_t nearest_share(double data_fraction) const;
  bool is_share(double data_fraction) const;  // one of them

  std::size_t warm_up() const { return warm_up_; }
  double rho() const { return rho_; }
  bool spread_is_assumed() const { return spread_is_assumed_; }
  bool scatters() const { return scatter_.has_value(); }
  // Relative, of single epochs.
  const EstimatedVariance& spread_at(std::size_t share) const;

  // A linear function of the runs' means: a factor for each run.
  using Factors = std::vector<double>;

  // The line in the share, by weighted least squares of the means: of an epoch, at a share, or its
  // slope. There are at least two shares.
  Factors line_at(double data_fraction) const { return line(1.0, data_fraction); }
  Factors line_slope() const { return line(0.0, 1.0); }

  // An epoch at a share where it takes the same at every share, or is in proportion to it; from the
  // runs of one share alone, or from all.
  enum class Law { constant, proportional };
  Factors one_part(Law law, double data_fraction,
                   std::optional<std::size_t> share = std::nullopt) const;

  double mean(const Factors& factors) const;

  // Squared joules: what functions of the means, of single epochs of the runs and of new ones are
  // uncertain by. Multiples of one estimate add up before the degrees of freedom do.
  class Uncertainty {
   public:
    explicit Uncertainty(const TrainingEpochs& training);
    void add_means(const Factors& factors);
    void add_epoch(const Run& run, double joules);
    void add_new_epochs(double count, double each_j, double data_fraction);
    VarianceSum sum() const;

   private:
    const TrainingEpochs& training_;
    std::vector<double> multiples_;  // of each spread, and of the scatter at the end
  };

 private:
  Factors line(double constant, double data_fraction) const;
  void estimate_spreads();
  void estimate_scatter();

  std::vector<Run> runs_;
  std::vector<double> shares_;
  std::size_t warm_up_ = 0;
  double rho_ = 0.0;
  std::vector<EstimatedVariance> spreads_;
  std::vector<std::size_t> spread_of_share_;  // places in `spreads_`
  bool spread_is_assumed_ = false;
  // Of the means about the line, per variance that they should have; where their epochs' variation
  // does not explain it.
  std::optional<EstimatedVariance> scatter_;
};

}  // namespace wattfor
