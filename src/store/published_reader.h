#pragma once

#include <vector>

#include "measurement/published.h"
#include "store/sqlite.h"

namespace wattfor {

// The newest figure of each (setup, model), what each counter said last of a model, and what was
// stated last of each training run, in the order they were added.
std::vector<PublishedFigure> read_figures(const Database& database);
std::vector<ModelStatistics> read_statistics(const Database& database);
std::vector<TrainingRun> read_training_runs(const Database& database);

// The next columns of a row (columns::setup, columns::figure, columns::model_statistic,
// columns::training_run).
void read_setup(Statement& row, Setup& setup);
void read_figure(Statement& row, PublishedFigure& figure);
void read_statistics(Statement& row, ModelStatistics& statistics);
void read_training_run(Statement& row, TrainingRun& run);

}  // namespace wattfor
