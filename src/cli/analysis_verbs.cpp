#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>

#include "cli/options.h"
#include "cli/verb_arguments.h"

namespace wattfor::cli {

void add_analyze(CLI::App& app, std::optional<Verb>& chosen) {
  const auto options = std::make_shared<AnalyzeOptions>();
  auto* verb = app.add_subcommand("analyze", "What drives energy, and what accuracy costs");
  verb->add_option("--setup", options->setups,
                   "Analyse this setup; given again, set them against each other [all that were "
                   "measured,\npublished ones and own ones apart]")
      ->type_name("ID");
  verb->add_option("--test-set", options->test_sets,
                   "Accuracy on this set; given again, the mean over the sets [imagenet-original, "
                   "or the one\nthat most models have]")
      ->type_name("NAME");
  verb->add_option("--out", options->out,
                   "Write a report into this folder: report.html, each figure as SVG and PNG, each "
                   "table as CSV,\nMarkdown and LaTeX, analysis.json")
      ->type_name("DIR");
  add_db(verb, options->db);
  verb->add_flag("--json", options->json, "Answer as JSON");
  verb->footer(
      "Of each setup: the Pareto front, diminishing returns and the energy that 100 % would take, "
      "the\n"
      "classes' centres, the hull of each year, the power drawn; what energy goes with "
      "(parameters, "
      "MACs,\n"
      "activations, input size), and which of these counts can't be right; how wrong the usual "
      "estimates\n"
      "from MACs are; what a larger image costs. Between setups: correlations and reduction "
      "factors.\n"
      "docs/findings.md compares this with what the studies printed.\n\n"
      "Examples:\n"
      "  wattfor import study DL-Inference-Energy-Efficiency/data\n"
      "  wattfor analyze\n"
      "  wattfor analyze --out report\n"
      "  wattfor analyze --setup A100_TRT --setup H100_TRT --test-set imagenet-real\n"
      "  wattfor analyze --json | jq '.pareto.A100_TRT[] | [.model, .energy_j]'");
  verb->callback([options, &chosen] { chosen = *options; });
}

}  // namespace wattfor::cli
