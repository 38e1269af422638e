#pragma once

#include <limits>
#include <string>
#include <vector>

#include "document/figure.h"
#include "document/result_table.h"

// One small figure of each kind, and a table, with names as only an attacker gives them.
namespace wattfor::test {

inline const std::string hostile_name =
    "<script>alert('1')</script> & \"x\" | a_b \\input{/etc/passwd}\n$5 #1 ~^ `c` "
    "\x01\x7f\u202e\u2028\uffff\xff";

inline FigureAxis energy_axis() {
  return {.label = "energy of an image",
          .unit = "J",
          .scale = AxisScale::log10,
          .numbers = TickNumbers::si};
}

inline Figure scatter_figure() {
  Figure figure{.id = "scatter",
                .title = "Energy and accuracy",
                .caption = "Three models; one without an energy was left out.",
                .x = energy_axis(),
                .y = {.label = "accuracy", .unit = "%"}};
  figure.points = {
      {.name = "CNN", .points = {{.x = 0.002, .y = 71.0, .label = "a"}, {.x = 0.03, .y = 78.5}}},
      {.name = hostile_name, .points = {{.x = 0.4, .y = 86.0, .label = hostile_name}}},
      {.name = "",
       .points = {{.x = 0.0, .y = 50.0},
                  {.x = std::numeric_limits<double>::quiet_NaN(), .y = 99.0}}},
      {.name = "CNN, centre",
       .points = {{.x = 0.008, .y = 75.0}},
       .style = 0,
       .role = PointRole::marked}};
  figure.lines = {{.name = "front",
                   .places = {{0.002, 71.0}, {0.03, 78.5}, {0.4, 86.0}},
                   .style = 6,
                   .shape = LineShape::steps}};
  figure.references = {{.name = "80 %", .kind = ReferenceLine::Kind::at_y, .value = 80.0}};
  return figure;
}

inline Figure curve_figure() {
  Figure figure{
      .id = "curve",
      .title = "Energy by batch size",
      .caption = "",
      .x = {.label = "batch size", .scale = AxisScale::log10},
      .y = {.label = "energy of an image", .unit = "J", .numbers = TickNumbers::si, .low = 0.0}};
  figure.points = {{.name = "resnet50",
                    .points = {{.x = 1, .y = 0.08, .y_interval = Interval{0.07, 0.1}},
                               {.x = 256, .y = 0.02, .x_interval = Interval{200, 300}}},
                    .style = 1}};
  figure.lines = {{.name = "resnet50", .places = {{1, 0.08}, {256, 0.02}}, .style = 1}};
  figure.bands = {{.name = "95 %", .places = {{1, 0.07, 0.1}, {256, 0.015, 0.025}}, .style = 1}};
  figure.references = {{.name = "250 W", .kind = ReferenceLine::Kind::product, .value = 1.0}};
  return figure;
}

inline Figure histogram_figure() {
  Figure figure{.id = "histogram",
                .title = "How far estimates are off",
                .caption = "",
                .x = {.label = "estimate / measured", .scale = AxisScale::log10},
                .y = {.label = "models"}};
  figure.columns = {{.name = "A100", .columns = {{1, 2, 3}, {2, 4, 12'000}, {4, 8, 5'000}}}};
  figure.references = {{.name = "exact", .kind = ReferenceLine::Kind::at_x, .value = 1.0}};
  return figure;
}

inline Figure bars_figure() {
  Figure figure{.id = "bars",
                .title = "Shares",
                .caption = "",
                .x = {.label = "share", .unit = "%", .low = 0.0, .high = 100.0}};
  figure.bars.parts = {"pre-training", "fine-tuning", "inference"};
  figure.bars.bars = {
      {.name = "vit_large_patch14_clip_336.openai_ft_in12k_in1k", .values = {60, 10, 30}},
      {.name = "vit_large_patch14_clip_336.laion2b_ft_in12k_in1k",
       .values = {0, 20, 80},
       .interval = Interval{90, 105}}};
  return figure;
}

inline Figure sizes_figure() {
  Figure figure{.id = "sizes",
                .title = "Accuracy and the electricity of training",
                .caption = "",
                .x = {.label = "year"},
                .y = {.label = "accuracy", .unit = "%"},
                .sizes = FigureSizes{.label = "electricity to train", .unit = "kWh"},
                .colours = FigureColours::ordered};
  figure.points = {
      {.name = "2012", .points = {{.x = 2012, .y = 63, .label = "a", .size = 25.0}}},
      {.name = "2021", .points = {{.x = 2021, .y = 88, .label = "b", .size = 2500.0}}}};
  return figure;
}

inline std::vector<Figure> sample_figures() {
  return {scatter_figure(), curve_figure(), histogram_figure(), bars_figure(), sizes_figure()};
}

inline ResultTable sample_table() {
  return {.id = "models",
          .title = "Models & energies",
          .caption = "Made up.",
          .columns = {{.key = "model", .heading = "model", .align = Align::left},
                      {.key = "energy_mj", .heading = "energy", .unit = "mJ"},
                      {.key = "accuracy_percent",
                       .heading = "accuracy",
                       .unit = "%",
                       .digits = Digits::decimals,
                       .count = 1}},
          .rows = {{"resnet50", 12.3456789, 80.35},
                   {"=1+1", 1234567.0, {}},
                   {"--x, \"y\"", -0.00123456, std::numeric_limits<double>::infinity()},
                   {hostile_name, 1.5e-9, -0.01}}};
}

}  // namespace wattfor::test
