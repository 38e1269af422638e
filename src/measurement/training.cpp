#include "measurement/training.h"

namespace wattfor {

std::string_view name_of(Phase phase) {
  switch (phase) {
    case Phase::training:
      return "training";
    case Phase::pretraining:
      return "pre-training";
    case Phase::finetuning:
      return "fine-tuning";
    case Phase::testing:
      return "testing";
  }
  return "";
}

std::string_view name_of(WindowKind kind) {
  switch (kind) {
    case WindowKind::startup:
      return "startup";
    case WindowKind::epoch:
      return "epoch";
    case WindowKind::between:
      return "between";
    case WindowKind::named:
      return "named";
  }
  return "";
}

}  // namespace wattfor
