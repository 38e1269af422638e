#pragma once

#include <array>
#include <cmath>
#include <functional>
#include <vector>

#include "analysis/pareto.h"

// Fronts to fit diminishing returns to.

namespace wattfor {

using Points = std::vector<AccuracyAndEnergy>;

// The Pareto front of the inference study's published figures for the H100 with TensorRT (its data
// set DL-Inference-Energy-Efficiency at commit 96cd60e, H100_TRT.csv), to six digits.
inline constexpr std::array<AccuracyAndEnergy, 38> published_front{
    {{40.832, Joules(0.786012e-3)}, {46.424, Joules(1.29923e-3)}, {59.874, Joules(1.76499e-3)},
     {65.664, Joules(2.32758e-3)},  {68.76, Joules(2.65779e-3)},  {73.436, Joules(2.6857e-3)},
     {73.73, Joules(2.7073e-3)},    {74.29, Joules(3.33983e-3)},  {74.644, Joules(3.37195e-3)},
     {76.902, Joules(3.64338e-3)},  {77.288, Joules(5.09445e-3)}, {77.342, Joules(5.75558e-3)},
     {80.726, Joules(6.25605e-3)},  {81.566, Joules(11.2987e-3)}, {82.63, Joules(12.4178e-3)},
     {83.306, Joules(12.456e-3)},   {83.694, Joules(16.0702e-3)}, {83.81, Joules(21.6562e-3)},
     {84.456, Joules(26.2453e-3)},  {84.566, Joules(26.3056e-3)}, {84.81, Joules(26.4846e-3)},
     {84.856, Joules(28.6661e-3)},  {85.088, Joules(35.5847e-3)}, {85.182, Joules(36.9938e-3)},
     {85.226, Joules(37.5253e-3)},  {85.41, Joules(37.9848e-3)},  {85.602, Joules(44.6813e-3)},
     {85.728, Joules(46.5552e-3)},  {86.21, Joules(47.0128e-3)},  {86.494, Joules(47.046e-3)},
     {86.604, Joules(60.987e-3)},   {86.608, Joules(88.9172e-3)}, {87.44, Joules(121.521e-3)},
     {88.596, Joules(143.844e-3)},  {88.682, Joules(335.639e-3)}, {89.25, Joules(441.145e-3)},
     {89.966, Joules(1192.58e-3)},  {90.054, Joules(1198.38e-3)}}};

// Eight points over three decades, from 1 mJ.
inline Points points_of(const std::function<double(double log_energy)>& accuracy_percent) {
  Points points;
  for (int i = 0; i < 8; ++i) {
    const double energy = 1e-3 * std::pow(1000.0, i / 7.0);
    points.push_back({accuracy_percent(std::log(energy)), Joules(energy)});
  }
  return points;
}

inline Points nested_logarithm(double a, double b, double c) {
  return points_of([=](double log_energy) { return a * std::log(log_energy + b) + c; });
}

}  // namespace wattfor
