#pragma once

#include "cli/options.h"

// One function a verb, each in the file of its name; the exit status is the answer. Errors that end
// the verb are thrown and turned into a message and a status by main().
namespace wattfor::cli {

int run_verb(const SensorsOptions& options);
int run_verb(const TopOptions& options);
int run_verb(const RunOptions& options);
int run_verb(const MarkOptions& options);
int run_verb(const RunsOptions& options);
int run_verb(const ExtrapolateOptions& options);
int run_verb(const ReplayOptions& options);
int run_verb(const SweepOptions& options);
int run_verb(const RankOptions& options);
int run_verb(const PickOptions& options);
int run_verb(const CompareOptions& options);
int run_verb(const SwitchOptions& options);
int run_verb(const ScoreOptions& options);
int run_verb(const FootprintOptions& options);
int run_verb(const AnalyzeOptions& options);
int run_verb(const PredictOptions& options);
int run_verb(const CalibrateOptions& options);
int run_verb(const SimulateOptions& options);
int run_verb(const ImportOptions& options);
int run_verb(const ExportOptions& options);
int run_verb(const ServeOptions& options);
int run_verb(const PublishOptions& options);
int run_verb(const WorkerOptions& options);
int run_verb(const CompletionOptions& options);
int run_verb(const ManualOptions& options);

}  // namespace wattfor::cli
