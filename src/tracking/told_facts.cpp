#include "tracking/told_facts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "measurement/validity.h"

namespace wattfor {
namespace {

constexpr std::int64_t most_epochs = 1'000'000'000;
constexpr double least_data_fraction = 1e-9;

template <class... Arguments>
Error refused(fmt::format_string<Arguments...> message, Arguments&&... arguments) {
  return {ErrorCode::invalid_input, fmt::format(message, std::forward<Arguments>(arguments)...)};
}

// As a message shows what somebody wrote.
std::string shown(std::string_view text) {
  constexpr std::size_t longest = 60;
  return text.size() > longest ? fmt::format("'{}…'", text.substr(0, longest))
                               : fmt::format("'{}'", text);
}

template <class Number>
Number number_from(std::string_view word, std::string_view text, std::string_view expected) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) {
    throw refused("{}: expected {}, found {}", word, expected, shown(text));
  }
  return number;
}

int epochs_from(std::string_view word, std::string_view text) {
  const auto epochs = number_from<std::int64_t>(word, text, "a whole number of epochs");
  require_epochs(epochs, word);
  return static_cast<int>(epochs);
}

int batch_size_from(std::string_view word, std::string_view text) {
  const auto size = number_from<std::int64_t>(word, text, "a whole number of samples");
  if (size < 1 || size > std::numeric_limits<int>::max()) {
    throw refused("{}: expected at least 1 sample, found {}", word, size);
  }
  return static_cast<int>(size);
}

Phase phase_from(std::string_view word, std::string_view text) {
  if (const auto phase = from_name<Phase>(text)) return *phase;
  std::vector<std::string_view> names;
  names.reserve(enumerators<Phase>.size());
  for (const Phase each : enumerators<Phase>) names.push_back(name_of(each));
  throw refused("{}: expected one of {}, found {}", word, fmt::join(names, ", "), shown(text));
}

BuiltOn built_on_from(std::string_view word, std::string_view text) {
  BuiltOn built_on;
  const std::size_t colon = text.find(':');
  built_on.run = trimmed(text.substr(0, colon));
  if (built_on.run.empty()) throw refused("{}: expected the id of a run's record", word);
  if (colon != std::string_view::npos) {
    built_on.uses =
        number_from<double>(word, text.substr(colon + 1), "a number of uses after the colon");
    if (!(built_on.uses >= 1.0 && std::isfinite(built_on.uses))) {
      throw refused("{}: expected at least 1 use, found {}", word, built_on.uses);
    }
  }
  return built_on;
}

std::string text_from(std::string_view word, std::string_view text) {
  if (text.size() > longest_name_bytes) {
    throw refused("{}: expected a name of at most {} bytes, found {} bytes", word,
                  longest_name_bytes, text.size());
  }
  return std::string(text);
}

double accuracy_percent_from_share(std::string_view word, std::string_view text) {
  const auto share = number_from<double>(word, text, "a share from 0 to 1");
  require_accuracy(share);
  return 100.0 * share;
}

double accuracy_percent_from(std::string_view word, std::string_view text) {
  const auto percent = number_from<double>(word, text, "a percentage from 0 to 100");
  require_accuracy_percent(percent);
  return percent;
}

double data_fraction_from(std::string_view word, std::string_view text) {
  const auto share = number_from<double>(word, text, "a share above 0, at most 1");
  require_data_fraction(share);
  return share;
}

using Teller = void (*)(TrainingFacts&, std::string_view word, std::string_view value);

// The one list of the words.
constexpr std::pair<std::string_view, Teller> tellers[] = {
    {"model", [](auto& facts, auto word, auto text) { facts.model = text_from(word, text); }},
    {"task", [](auto& facts, auto word, auto text) { facts.task = text_from(word, text); }},
    {"dataset", [](auto& facts, auto word, auto text) { facts.dataset = text_from(word, text); }},
    {"phase", [](auto& facts, auto word, auto text) { facts.phase = phase_from(word, text); }},
    {"epochs_total",
     [](auto& facts, auto word, auto text) { facts.epochs_total = epochs_from(word, text); }},
    {"data_fraction", [](auto& facts, auto word,
                         auto text) { facts.data_fraction = data_fraction_from(word, text); }},
    {"batch_size",
     [](auto& facts, auto word, auto text) { facts.batch_size = batch_size_from(word, text); }},
    {"metric", [](auto& facts, auto word, auto text) { facts.metric = text_from(word, text); }},
    {"accuracy",
     [](auto& facts, auto word, auto text) {
       facts.accuracy_percent = accuracy_percent_from_share(word, text);
     }},
    {"accuracy_percent",
     [](auto& facts, auto word, auto text) {
       facts.accuracy_percent = accuracy_percent_from(word, text);
     }},
    {"builds_on",
     [](auto& facts, auto word, auto text) {
       const BuiltOn told = built_on_from(word, text);
       std::erase_if(facts.builds_on, [&](const BuiltOn& each) { return each.run == told.run; });
       facts.builds_on.push_back(told);
     }},
};

}  // namespace

std::vector<std::string_view> fact_words() {
  std::vector<std::string_view> words;
  words.reserve(std::size(tellers));
  for (const auto& [word, teller] : tellers) words.push_back(word);
  return words;
}

void tell(TrainingFacts& facts, std::string_view word, std::string_view value) {
  for (const auto& [known, teller] : tellers) {
    if (known == word) return teller(facts, word, value);
  }
  throw refused("no fact is called {} (there are {})", shown(word), fmt::join(fact_words(), ", "));
}

void tell(TrainingFacts& facts, std::string_view word_and_value) {
  const std::size_t equals = word_and_value.find('=');
  if (equals == std::string_view::npos) {
    throw refused("expected a fact as WORD=VALUE, e.g. data_fraction=0.1, found {}",
                  shown(word_and_value));
  }
  tell(facts, trimmed(word_and_value.substr(0, equals)),
       trimmed(word_and_value.substr(equals + 1)));
}

void require_epochs(std::int64_t epochs, std::string_view word) {
  if (epochs < 1 || epochs > most_epochs) {
    throw refused("{}: expected 1 to {} epochs, found {}", word, most_epochs, epochs);
  }
}

void require_data_fraction(double share) {
  if (!(share >= least_data_fraction && share <= 1.0)) {
    throw refused("data_fraction: expected the share of the data, above 0 and at most 1, found {}",
                  share);
  }
}

void require_accuracy(double share) {
  if (!(share >= 0.0 && share <= 1.0)) {
    throw refused(
        "accuracy: expected a share from 0 to 1, found {}; for percent there is accuracy_percent",
        share);
  }
}

void require_accuracy_percent(double percent) {
  if (!(percent >= 0.0 && percent <= 100.0)) {
    throw refused("accuracy_percent: expected a percentage from 0 to 100, found {}", percent);
  }
}

}  // namespace wattfor
