#pragma once

#include <optional>
#include <span>
#include <vector>

#include "response/kernel.h"
#include "response/power_course.h"
#include "response/profile.h"
#include "response/update_series.h"
#include "units/quantity.h"

namespace wattfor {

// What a sensor published while the course of the power was known.
struct ObservedResponse {
  const PowerCourse& course;  // a load's marks as 0 and 1, or a reference's watts
  std::span<const Update> updates;
  Seconds timing_error{0.0};  // of an update's time, standard deviation
  Seconds resolution{0.0};    // what is shorter can't be seen
};

// What a fit may try.
struct FitLimits {
  double least_gain = 0.8;  // readings per unit of the course
  double greatest_gain = 1.25;
  Seconds least_delay{-0.06};  // two clocks may be apart
  Seconds greatest_delay{0.15};
  Seconds greatest_width{3.0};       // W or τ
  Seconds least_time_constant{0.0};  // shorter ones are the load's own rise
  Seconds greatest_rise{0.0};        // of the load, where the course does not show it
};

// The least squares of y_k = g·(h * p)(t_k) + o for one kind of kernel h.
struct ResponseFit {
  Kernel kernel;
  Uncertain<double> gain;
  Uncertain<Watts> offset;
  Seconds delay_error{0.0};
  Seconds width_error{0.0};       // of W or τ; of a moment what the resolution leaves open
  Seconds rise{0.0};              // of the load, a nuisance
  Watts noise;                    // robust standard deviation of a reading beside the load's steps
  double explained = 0.0;         // share of the readings' variance
  double criterion = 0.0;         // BIC: the lower the better, 6 is much
  double evidence = 0.0;          // about how many updates tell W, τ or a moment's delay
  bool at_a_limit = false;        // the delay, W or τ ended where the search does
  std::vector<Watts> readings{};  // what the fit expects of each update
};

// `kind` is no counter. A moment is a boxcar as narrow as the resolution, in the middle of which it
// lies. An update on a steep part of the response may be off by its time as well as by its noise:
// it counts accordingly less. Standard errors are the larger one of those of independent residuals
// and of a jackknife over blocks of time, which holds for correlated ones; an update that decides
// alone (leverage) makes them large. Nothing for fewer than 12 updates, or where the parameters
// can't be told apart at all.
std::optional<ResponseFit> fit_response(ResponseKind kind, const ObservedResponse& observed,
                                        const FitLimits& limits);

}  // namespace wattfor
