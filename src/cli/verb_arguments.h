#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/options.h"
#include "report/electricity_settings.h"

namespace wattfor::cli {

// Each adds a verb with its options and its help; where the user's words name it, `chosen` becomes
// its options. Both arguments must live until the words have been parsed.

// Of those that read sensors.
void add_sensors(CLI::App& app, std::optional<Verb>& chosen);
void add_top(CLI::App& app, std::optional<Verb>& chosen);
void add_run(CLI::App& app, std::optional<Verb>& chosen);
void add_mark(CLI::App& app, std::optional<Verb>& chosen);
void add_sweep(CLI::App& app, std::optional<Verb>& chosen);
void add_calibrate(CLI::App& app, std::optional<Verb>& chosen);

// Of those that work on what was measured before, or never was.
void add_replay(CLI::App& app, std::optional<Verb>& chosen);
void add_simulate_verb(CLI::App& app, std::optional<Verb>& chosen);
void add_footprint(CLI::App& app, std::optional<Verb>& chosen);
void add_analyze(CLI::App& app, std::optional<Verb>& chosen);
void add_runs(CLI::App& app, std::optional<Verb>& chosen);
void add_extrapolate(CLI::App& app, std::optional<Verb>& chosen);
void add_score(CLI::App& app, std::optional<Verb>& chosen);
void add_predict(CLI::App& app, std::optional<Verb>& chosen);
void add_import(CLI::App& app, std::optional<Verb>& chosen);
void add_export(CLI::App& app, std::optional<Verb>& chosen);

// Of those that choose among the models that the store knows.
void add_rank(CLI::App& app, std::optional<Verb>& chosen);
void add_pick(CLI::App& app, std::optional<Verb>& chosen);
void add_compare(CLI::App& app, std::optional<Verb>& chosen);
void add_switch(CLI::App& app, std::optional<Verb>& chosen);
void add_serve(CLI::App& app, std::optional<Verb>& chosen);
void add_publish(CLI::App& app, std::optional<Verb>& chosen);

// What several of them take.

// Neither NaN, which passes CLI11's own range, nor anything outside.
CLI::Validator between(double least, double most);
CLI::Validator not_negative();

void add_db(CLI::App* verb, std::optional<std::string>& db);
void add_simulate(CLI::App* verb, std::optional<std::string>& file);
void add_meters(CLI::App* verb, std::vector<std::string>& meters);
// What electricity emits and costs; the options, for what they need.
std::vector<CLI::Option*> add_electricity(CLI::App* verb, ElectricitySettings& settings);

}  // namespace wattfor::cli
