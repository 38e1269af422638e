#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>

#include "cli/options.h"
#include "cli/verb_arguments.h"

namespace wattfor::cli {

void add_footprint(CLI::App& app, std::optional<Verb>& chosen) {
  const auto options = std::make_shared<FootprintOptions>();
  auto* verb = app.add_subcommand("footprint",
                                  "What runs, and what they were built on, took, emitted and cost");
  verb->add_option("runs", options->runs,
                   "A run's id, the beginning of one (four characters or more), or its name")
      ->required()
      ->type_name("RUN");
  add_electricity(verb, options->electricity);
  verb->add_option("--built-on", options->built_on,
                   "Each of them was built on this run, as a fine-tuning is on a pre-training, "
                   "besides what\nits record says; may be given again")
      ->type_name("RUN")
      ->allow_extra_args(false);
  verb->add_option("--uses", options->uses,
                   "Share what they were built on over so many uses [as the record says, else all "
                   "of it counts]")
      ->check(between(1.0, 1e12))
      ->type_name("N");
  verb->add_flag("--equivalents", options->equivalents,
                 "And what the electricity is in everyday things (docs/equivalents.md)");
  auto* format = verb->add_option("--format", options->format,
                                  "text, or a table as markdown, latex or csv;\n"
                                  "emissions-csv: CodeCarbon's emissions.csv;\n"
                                  "huggingface: co2_eq_emissions of a model card;\n"
                                  "statement: a paragraph for a paper");
  format
      ->check(CLI::IsMember(
          {"text", "markdown", "latex", "csv", "emissions-csv", "huggingface", "statement"}))
      ->type_name("NAME")
      ->capture_default_str();
  verb->add_option("--output", options->output,
                   "Write there [standard output]; emissions-csv goes behind what the file has")
      ->type_name("FILE");
  verb->add_option("--svg", options->svg, "Draw what share each phase took")->type_name("FILE");
  add_db(verb, options->db);
  verb->add_flag("--json", options->json, "Answer as JSON")->excludes(format);
  verb->footer(
      "The total holds what a run was built on, and so on: whole, or shared over its uses. Tests "
      "stand apart.\n"
      "Intervals are 95 % ones, of the energy; how wrong a grid's intensity is is not known. "
      "Carbon "
      "is left\n"
      "out unless a region or an intensity is said, here or in the configuration; nothing is "
      "looked "
      "up on\n"
      "the network. docs/carbon.md tells what counts, and where the grids' figures come from.\n\n"
      "The configuration is a JSON object; the command line comes before it.\n\n"
      "Configuration:\n"
      "  region                    \"DE\"\n"
      "  intensity_g_per_kwh, pue  40, 1.2\n"
      "  kwh_price, currency       0.3, \"EUR\"\n\n"
      "Examples:\n"
      "  wattfor footprint resnet50 --region DE\n"
      "  wattfor footprint 1f0e2b --intensity 40 --pue 1.2 --kwh-price 0.3 --currency EUR\n"
      "  wattfor footprint finetune --built-on pretrain --uses 100 --svg shares.svg\n"
      "  wattfor footprint resnet50 --region FR --format statement\n"
      "  wattfor footprint resnet50 --region FR --format emissions-csv --output emissions.csv\n"
      "  wattfor footprint resnet50 --region FR --json | jq '.total.carbon_g'");
  verb->callback([options, &chosen] { chosen = *options; });
}

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
  verb->add_flag("--equivalents", options->equivalents,
                 "And what each training run took in everyday things (docs/equivalents.md)");
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
      "from MACs are; what a larger image costs; what the scores put first, how far they agree and "
      "what a\n"
      "least accuracy changes. Of own sweeps: energy over the batch size. Between setups: "
      "correlations and\n"
      "reduction factors.\n"
      "docs/findings.md compares this with what the studies printed.\n\n"
      "Examples:\n"
      "  wattfor import study DL-Inference-Energy-Efficiency/data\n"
      "  wattfor analyze\n"
      "  wattfor analyze --out report\n"
      "  wattfor analyze --setup A100_TRT --setup H100_TRT --test-set imagenet-real\n"
      "  wattfor analyze --json | jq '.pareto.A100_TRT[] | [.model, .energy_j]'");
  verb->callback([options, &chosen] { chosen = *options; });
}

void add_predict(CLI::App& app, std::optional<Verb>& chosen) {
  const auto options = std::make_shared<PredictOptions>();
  auto* verb = app.add_subcommand("predict", "The energy of a model that was never measured");
  verb->add_option("model", options->model,
                   "Its name, as timm's: what stands before the first dot is its architecture, and "
                   "tells the family")
      ->required()
      ->type_name("MODEL");
  verb->add_option("--setup", options->setup,
                   "Device, runtime and precision to predict for [the only one there is]")
      ->type_name("ID");
  verb->add_option("--input-size", options->input_size,
                   "Pixels of a side [the only one at which the model was counted]")
      ->type_name("N");
  verb->add_option("--counter", options->counter,
                   "By whose counts of parameters, multiply-accumulates and activations [the one "
                   "that has\ncounted most of the setup's models, activations too if any has]")
      ->type_name("NAME");
  verb->add_option("--parameters", options->parameters,
                   "The model's own counts, of one image, instead of what the store has: 25.6e6")
      ->type_name("N");
  verb->add_option("--macs", options->macs, "Multiply-accumulates: 4.1e9")->type_name("N");
  verb->add_option("--activations", options->activations, "Numbers that its layers put out: 11e6")
      ->type_name("N");
  add_db(verb, options->db);
  verb->add_flag("--json", options->json, "Answer as JSON");
  verb->footer(
      "Joules per image at the best batch size, from the models that were measured on the setup: "
      "what\n"
      "they count, their families and the words of their names. The 90 % interval holds what a "
      "measurement\n"
      "would give in nine of ten cases; it is as wide as it takes for the measured models, each "
      "predicted\n"
      "from the others, and wide where no model of the family was measured. How far off these are "
      "is told\n"
      "with every answer. It takes counts by one program: programs disagree, so count your model "
      "with the\n"
      "one that --counter names. Of a model that was measured, the figure stands beside a "
      "prediction that\n"
      "was made without it. docs/prediction.md tells the method, its errors, and what it is not "
      "for: a\n"
      "prediction is no measurement, and ranks nothing.\n\n"
      "Examples:\n"
      "  wattfor predict resnet50.a1_in1k --setup A100_TRT --input-size 224\n"
      "  wattfor predict resnet77 --setup A100_TRT --input-size 224 \\\n"
      "    --parameters 35e6 --macs 6e9 --activations 14e6\n"
      "  wattfor predict resnet50 --setup A100_TRT --input-size 288 --json | jq '.energy_j'");
  verb->callback([options, &chosen] { chosen = *options; });
}

}  // namespace wattfor::cli
