#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "measurement/measurement.h"
#include "measurement/published.h"

namespace wattfor {

// The one JSON form of a record, lossless both ways but for bytes that are not UTF-8 (see dump()):
// the store's export and import, and every `--json`. Keys carry their unit; unknown keys are
// ignored. A number that is unknown, or not finite, is null; an interval is null unless both its
// ends are finite. Where a record must have a number, null reads as NaN. Lists, maps and what is
// optional may be absent. The *_from_json throw Error{invalid_input} naming the key
// ("energy.components[2].basis") and what was expected there.
nlohmann::json to_json(const EnergyFigure& figure);
nlohmann::json to_json(const EnergyReport& report);
nlohmann::json to_json(const TrainingFacts& facts);
nlohmann::json to_json(const MarkedWindow& window);
nlohmann::json to_json(const Measurement& measurement);
nlohmann::json to_json(const Accuracy& accuracy);
nlohmann::json to_json(const PublishedFigure& figure);
nlohmann::json to_json(const ModelStatistics& statistics);
nlohmann::json to_json(const TrainingRun& run);
MarkedWindow window_from_json(const nlohmann::json& json);
Measurement measurement_from_json(const nlohmann::json& json);
Accuracy accuracy_from_json(const nlohmann::json& json);
PublishedFigure figure_from_json(const nlohmann::json& json);
ModelStatistics statistics_from_json(const nlohmann::json& json);
TrainingRun training_run_from_json(const nlohmann::json& json);

// The text of any JSON that the program writes. Names and messages may hold bytes that are not
// UTF-8 (a file's name, a worker's last words); those become U+FFFD, and nothing is thrown. An
// `indent` below zero keeps it on one line.
std::string dump(const nlohmann::json& json, int indent = -1);

}  // namespace wattfor
