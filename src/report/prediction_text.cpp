#include "report/prediction_text.h"

#include <fmt/format.h>

#include <cstddef>

#include "document/numbers.h"
#include "document/text_table.h"

namespace wattfor {
namespace {

std::string_view words_of(PredictionFeature feature) {
  switch (feature) {
    case PredictionFeature::macs:
      return "its multiply-accumulates";
    case PredictionFeature::activations_per_mac:
      return "its activations for each multiply-accumulate";
    case PredictionFeature::parameters_per_mac:
      return "its parameters for each multiply-accumulate";
    case PredictionFeature::input_size:
      return "its input size";
  }
  return "";
}

// "60", "1,405".
std::string whole_number(std::size_t number) {
  return number < 1000 ? std::to_string(number) : plain_number(static_cast<double>(number));
}

std::string counts_text(const PredictView& view) {
  std::string text = fmt::format("{} multiply-accumulates, {} parameters", si_number(view.macs, ""),
                                 si_number(view.parameters, ""));
  if (view.activations) text += fmt::format(", {} activations", si_number(*view.activations, ""));
  return text + fmt::format(" ({}{})", view.counts_are_given ? "as given, for " : "",
                            printable(view.counter));
}

std::string family_text(const PredictView& view) {
  if (view.known_family == nullptr) {
    return fmt::format("unknown; {} measured model{} begin{} with '{}'",
                       whole_number(view.family_rows), view.family_rows == 1 ? "" : "s",
                       view.family_rows == 1 ? "s" : "", printable(view.family));
  }
  return fmt::format("{} ({}), {} of the measured models", view.family,
                     name_of(view.known_family->model_class), whole_number(view.family_rows));
}

std::string measured_text(const PredictView& view) {
  const double off = view.energy.energy / view.measured->energy - 1.0;
  return fmt::format("{}{}; the prediction, made without it, is off by {}",
                     si_number(view.measured->energy.value(), "J"),
                     view.measured->basis == Basis::modelled ? " (modelled)" : "",
                     signed_share(off));
}

std::string relatives_text(const PredictView& view, int width) {
  TextTable table({{.title = "nearest measured"},
                   {.title = "input", .align = Align::right},
                   {.title = "J/image", .align = Align::right},
                   {.title = "usually within", .align = Align::right, .worth = 1}});
  for (const MeasuredRelative& each : view.relatives) {
    table.add({printable(each.model), std::to_string(each.input_size),
               si_number(each.energy.value(), "J"),
               fmt::format("a factor of {:.2f}", each.usual_factor)});
  }
  table.fit(width);
  return table.text();
}

std::string error_text(const CrossValidation& validation) {
  return fmt::format("half of them are off by less than {}, and {} lie in their intervals",
                     plain_share(validation.median_relative_error),
                     plain_share(validation.coverage));
}

std::string trust_text(const PredictView& view) {
  std::string text = fmt::format("{} models of {} architectures were measured.",
                                 whole_number(view.rows), whole_number(view.architectures));
  if (view.by_architectures) {
    text += fmt::format(" Each architecture predicted from others: {}.",
                        error_text(*view.by_architectures));
  }
  if (view.by_families) {
    text += fmt::format(" Each predicted as if none of its family had been measured: {}.",
                        error_text(*view.by_families));
    if (view.family_rows == 0) text += " This model is such a one.";
  }
  return text;
}

std::string notes_text(const PredictView& view, int width) {
  std::string text;
  if (!view.extrapolates.empty()) {
    std::string beyond;
    for (const PredictionFeature feature : view.extrapolates) {
      beyond += fmt::format("{}{}", beyond.empty() ? "" : ", ", words_of(feature));
    }
    text += wrapped_text(fmt::format("note: beyond the range of the measured models: {}; the "
                                     "interval was not tried there",
                                     beyond),
                         width);
  }
  if (view.modelled_rows > 0) {
    text += wrapped_text(fmt::format("note: the energy of {} of the models is modelled, not "
                                     "measured, and so is what is predicted from it",
                                     whole_number(view.modelled_rows)),
                         width);
  }
  if (view.uncounted > 0) {
    text += wrapped_text(fmt::format("note: {} of the setup's models are left out: '{}' has not "
                                     "counted them, or wrongly",
                                     whole_number(view.uncounted), printable(view.counter)),
                         width);
  }
  return text;
}

}  // namespace

std::string prediction_text(const PredictView& view, int width) {
  std::string text = wrapped_text(fmt::format("{} at {} on {}", printable(view.model),
                                              view.input_size, printable(view.setup.id)),
                                  width);
  const auto add = [&](std::string_view title, const std::string& value) {
    text += wrapped_text(fmt::format("{:<11}{}", title, value), width, 11);
  };
  add("predicted",
      fmt::format("{} an image; 90 % interval {} … {}", si_number(view.energy.energy.value(), "J"),
                  si_number(view.energy.low.value(), "J"),
                  si_number(view.energy.high.value(), "J")));
  if (view.measured) add("measured", measured_text(view));
  add("counts", counts_text(view));
  add("family", family_text(view));
  text += "\n" + relatives_text(view, width) + "\n" + wrapped_text(trust_text(view), width, 0);
  return text + notes_text(view, width);
}

}  // namespace wattfor
