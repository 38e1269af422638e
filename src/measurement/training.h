#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "measurement/energy.h"
#include "measurement/names.h"
#include "units/quantity.h"

namespace wattfor {

// What part a run has in the making of a model (the training study, section 5.4).
enum class Phase {
  training,     // from scratch, or all there is
  pretraining,  // on other data, for others to build on
  finetuning,   // of what was pre-trained
  testing,
};
template <>
inline constexpr std::array enumerators<Phase>{Phase::training, Phase::pretraining,
                                               Phase::finetuning, Phase::testing};

// An earlier run that a run builds on, as a fine-tuning does on a pre-training.
struct BuiltOn {
  std::string run;    // the id of its record, or the beginning of it
  double uses = 1.0;  // over how many uses its energy is shared; 1: this one bears the whole

  bool operator==(const BuiltOn&) const = default;
};

// What a program told of the training, or the test, that a run is. What it did not tell is unknown:
// an empty text, or nothing.
struct TrainingFacts {
  std::string model = {};
  std::string task = {};
  std::string dataset = {};
  Phase phase = Phase::training;
  std::optional<int> epochs_total = std::nullopt;      // as planned, of the whole training
  std::optional<double> data_fraction = std::nullopt;  // of the data set, above 0 up to 1
  std::optional<int> batch_size = std::nullopt;
  std::string metric = {};  // "top-1"
  std::optional<double> accuracy_percent = std::nullopt;
  std::vector<BuiltOn> builds_on = {};

  bool operator==(const TrainingFacts&) const = default;
};

enum class WindowKind {
  startup,  // before the first epoch: loading, compiling
  epoch,
  between,  // after an epoch and before the next: validation, saving
  named,
};
template <>
inline constexpr std::array enumerators<WindowKind>{WindowKind::startup, WindowKind::epoch,
                                                    WindowKind::between, WindowKind::named};

// What one component used in a marked window.
struct WindowComponent {
  std::string name;  // as in the run's components
  Basis basis = Basis::missing;
  std::optional<EnergyFigure> gross = std::nullopt;

  bool operator==(const WindowComponent&) const = default;
};

// A stretch of a run that its program marked. Windows may nest and overlap.
struct MarkedWindow {
  WindowKind kind = WindowKind::named;
  std::string name = {};   // of a named one; several may have the same
  std::int64_t epoch = 0;  // its number, as told, else counted from 1; of `between` the one before
  Seconds start{0.0};      // since the run's begin
  Seconds duration{0.0};
  std::optional<std::int64_t> steps = std::nullopt;  // how many were marked in it
  bool ended = true;                                 // false: it was open still as the record ended
  Basis basis = Basis::missing;  // of the figures, which have the scope of the run's total
  std::optional<EnergyFigure> gross = std::nullopt;
  std::optional<EnergyFigure> net = std::nullopt;
  std::vector<WindowComponent> components = {};  // those in the total

  bool operator==(const MarkedWindow&) const = default;
};

std::string_view name_of(Phase phase);
std::string_view name_of(WindowKind kind);

}  // namespace wattfor
