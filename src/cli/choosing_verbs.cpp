#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/options.h"
#include "cli/verb_arguments.h"

namespace wattfor::cli {
namespace {

void add_setup(CLI::App* verb, std::optional<std::string>& setup) {
  verb->add_option("--setup", setup,
                   "Device, runtime and precision to judge on [the only one there is]")
      ->type_name("ID");
}

void add_test_sets(CLI::App* verb, std::vector<std::string>& test_sets) {
  verb->add_option("--test-set", test_sets,
                   "Accuracy on this set; given again, the mean over the sets "
                   "[imagenet-original, or the only one there is]")
      ->type_name("NAME")
      ->allow_extra_args(false);
}

}  // namespace

void add_rank(CLI::App& app, std::optional<Verb>& chosen) {
  const auto options = std::make_shared<RankOptions>();
  auto* verb = app.add_subcommand("rank", "Most accuracy for the least energy");
  add_setup(verb, options->setup);
  verb->add_option(
          "--score", options->score,
          "manhattan: 100 − (W·E/N·100 + (1−W)·(100−A)), N the greatest energy of the setup;\n"
          "log-manhattan: the same with ln(E/E_min) / ln(N/E_min) for E/N, which no single costly\n"
          "model rules;\n"
          "efficiency: A/E, percent per joule, to be used with --min-accuracy;\n"
          "sam: of the electricity that training took, where the store knows it by the model's\n"
          "name (import training)")
      ->check(CLI::IsMember({"efficiency", "manhattan", "log-manhattan", "sam"}))
      ->type_name("NAME")
      ->capture_default_str();
  verb->add_option("--weight", options->weight,
                   "W: how much energy counts in manhattan and log-manhattan")
      ->type_name("0…1")
      ->capture_default_str();
  verb->add_option("--min-accuracy", options->min_accuracy_percent,
                   "Leave out less accurate models")
      ->type_name("PERCENT");
  verb->add_option("--max-energy-j", options->max_energy_j,
                   "Leave out models that need more than this an image")
      ->type_name("J");
  add_test_sets(verb, options->test_sets);
  verb->add_option("--top", options->top, "Show the first N only")->type_name("N");
  add_db(verb, options->db);
  verb->add_flag("--json", options->json, "Answer as JSON");
  verb->footer(
      "Examples:\n"
      "  wattfor rank\n"
      "  wattfor rank --score efficiency --min-accuracy 95 --top 10\n"
      "  wattfor rank --setup A100_TRT --score log-manhattan --top 20\n"
      "  wattfor rank --weight 0.3 --json | jq '.rows[0].model'");
  verb->callback([options, &chosen] { chosen = *options; });
}

void add_pick(CLI::App& app, std::optional<Verb>& chosen) {
  const auto options = std::make_shared<PickOptions>();
  auto* verb = app.add_subcommand("pick", "The best model under limits of yours");
  add_setup(verb, options->setup);
  const auto add_limit = [verb](const char* name, std::optional<double>& limit, const char* value,
                                const char* help) {
    verb->add_option(name, limit, help)->type_name(value);
  };
  add_limit("--min-accuracy", options->min_accuracy_percent, "PERCENT", "At least so accurate");
  add_limit("--max-energy-j", options->max_energy_j, "J", "At most so much an image");
  add_limit("--max-latency-ms", options->max_latency_ms, "MS",
            "A batch takes at most so long, at the batch size with the least energy");
  add_limit("--min-throughput", options->min_throughput_per_s, "N",
            "At least so many images a second, at that batch size");
  add_limit("--max-parameters", options->max_parameters, "N",
            "Parameters at most, by the counter that knows the most models");
  add_limit("--max-memory-bytes", options->max_memory_bytes, "N",
            "At most so much of the busiest device's memory while it ran");
  verb->add_option("--class", options->model_class, "Architectures of this class")
      ->transform(CLI::IsMember({"CNN", "Transformer", "Hybrid", "MLP"}, CLI::ignore_case))
      ->type_name("NAME");
  verb->add_option("--year-from", options->year_from,
                   "The architecture was public in this year or later")
      ->type_name("N");
  verb->add_option("--year-to", options->year_to,
                   "The architecture was public in this year or before")
      ->type_name("N");
  auto* size = verb->add_option("--input-size", options->input_size,
                                "Images of so many pixels a side, no others");
  size->type_name("N");
  verb->add_option("--max-input-size", options->max_input_size,
                   "Images of at most so many pixels a side")
      ->type_name("N")
      ->excludes(size);
  verb->add_option("--family", options->family, "Models of this family, as \"ConvNeXt\"")
      ->type_name("NAME");
  verb->add_option("--by", options->by,
                   "What makes the best of those that pass [energy with --min-accuracy, accuracy "
                   "with\n--max-energy-j alone, else manhattan]")
      ->check(CLI::IsMember({"energy", "accuracy", "manhattan", "log-manhattan", "efficiency"}))
      ->type_name("NAME");
  add_test_sets(verb, options->test_sets);
  add_db(verb, options->db);
  verb->add_flag("--json", options->json, "Answer as JSON");
  verb->footer(
      "Every limit includes its end. A model of which a limited quantity is not known doesn't "
      "pass, and\n"
      "is counted as unknown. Where nothing passes, the answer says which limit to loosen and how "
      "far\n"
      "for the nearest model, and the exit status is 1.\n\n"
      "Examples:\n"
      "  wattfor pick --min-accuracy 95\n"
      "  wattfor pick --setup A100_TRT --min-accuracy 82 --max-latency-ms 100\n"
      "  wattfor pick --setup A100_TRT --max-energy-j 0.01 --class CNN --max-parameters 30e6\n"
      "  wattfor pick --min-accuracy 80 --json | jq '.best[0].model'");
  verb->callback([options, &chosen] { chosen = *options; });
}

void add_compare(CLI::App& app, std::optional<Verb>& chosen) {
  const auto options = std::make_shared<CompareOptions>();
  auto* verb = app.add_subcommand("compare", "Models side by side");
  verb->add_option("models", options->models,
                   "Two to eight; where a model has several input sizes, the one meant stands "
                   "behind an @")
      ->required()
      ->type_name("MODEL[@SIZE]");
  verb->add_option("--setup", options->setups,
                   "Compare on this setup; may be given again [all that have each of the models]")
      ->type_name("ID")
      ->allow_extra_args(false);
  verb->add_option("--test-set", options->test_sets,
                   "Show the accuracy on this set; may be given again [all; the Pareto front is "
                   "by\nimagenet-original, or the only one there is]")
      ->type_name("NAME")
      ->allow_extra_args(false);
  add_db(verb, options->db);
  verb->add_flag("--json", options->json, "Answer as JSON");
  verb->footer(
      "The ratio to the first model's energy has a 95 % interval where both energies have one for\n"
      "comparison; published figures have none.\n\n"
      "Examples:\n"
      "  wattfor compare digits_mlp_s digits_vit_s\n"
      "  wattfor compare resnet50.a1_in1k@224 convnext_tiny.fb_in1k@224 --setup A100_TRT\n"
      "  wattfor compare digits_mlp_s digits_vit_s --json | jq '.setups[0].models[1].ratio'");
  verb->callback([options, &chosen] { chosen = *options; });
}

void add_switch(CLI::App& app, std::optional<Verb>& chosen) {
  const auto options = std::make_shared<SwitchOptions>();
  auto* verb = app.add_subcommand("switch", "What is as accurate as a model in use and costs less");
  verb->add_option("model", options->model,
                   "The model in use; where it has several input sizes, the one meant stands "
                   "behind an @")
      ->required()
      ->type_name("MODEL[@SIZE]");
  add_setup(verb, options->setup);
  add_test_sets(verb, options->test_sets);
  verb->add_option("--top", options->top, "Show the first N only [10]")->type_name("N");
  auto* images =
      verb->add_option("--images-per-day", options->images_per_day, "Say what a year of it takes");
  images->type_name("N");
  for (CLI::Option* option : add_electricity(verb, options->electricity)) option->needs(images);
  verb->add_flag("--equivalents", options->equivalents,
                 "And what the saving is in everyday things (docs/equivalents.md)")
      ->needs(images);
  add_db(verb, options->db);
  verb->add_flag("--json", options->json, "Answer as JSON");
  verb->footer(
      "Models at least as accurate for no more energy, the least energy first, with the joules "
      "saved an\n"
      "image. A model on the Pareto front has none. One that is slower is marked, and one whose "
      "saving\n"
      "may be none by the 95 % interval.\n\n"
      "Examples:\n"
      "  wattfor switch digits_resnet_l\n"
      "  wattfor switch resnet50.a1_in1k@224 --setup A100_TRT --top 5\n"
      "  wattfor switch vgg16.tv_in1k --setup A100_PT --images-per-day 1e6 --kwh-price 0.3 "
      "--equivalents");
  verb->callback([options, &chosen] { chosen = *options; });
}

void add_serve(CLI::App& app, std::optional<Verb>& chosen) {
  const auto options = std::make_shared<ServeOptions>();
  auto* verb = app.add_subcommand("serve", "The explorer: choose a model by looking, in a browser");
  verb->add_option("--port", options->port, "The port to answer on; 0 takes any that is free")
      ->check(CLI::Range(0, 65535))
      ->type_name("N")
      ->capture_default_str();
  verb->add_flag("--open", options->open, "Open it in the browser");
  verb->add_option("--listen", options->listen,
                   "Be reached from elsewhere: the address of this machine to listen on, 0.0.0.0 "
                   "for all;\nwho asks needs the token that is printed [this machine alone]")
      ->type_name("ADDRESS");
  add_meters(verb, options->meters);
  add_db(verb, options->db);
  verb->add_flag("--json", options->json, "Print the address and the token as a line of JSON");
  verb->footer(
      "Prints the address once it answers, and answers until Ctrl-C. What is measured or imported "
      "meanwhile\n"
      "shows without a reload, and a store that isn't there yet may come. Everything needed is in "
      "this\n"
      "program: nothing is loaded from elsewhere. What the explorer asks for is there for other "
      "programs,\n"
      "too: docs/api.md describes it, and /metrics is for Prometheus.\n\n"
      "Power is read while somebody looks at it. With --meter, a plug or a controller is shown "
      "beside "
      "the\n"
      "machine's own sensors; where there are none, it is the total.\n\n"
      "With --listen, traffic is not encrypted: where others can read along, tunnel to a server "
      "without it\n"
      "instead, by `ssh -L 8300:localhost:8300 HOST`.\n\n"
      "Examples:\n"
      "  wattfor serve --open\n"
      "  wattfor serve --db lab.db --port 0\n"
      "  wattfor serve --meter shelly:http://192.168.1.20\n"
      "  wattfor serve --listen 0.0.0.0");
  verb->callback([options, &chosen] { chosen = *options; });
}

void add_publish(CLI::App& app, std::optional<Verb>& chosen) {
  const auto options = std::make_shared<PublishOptions>();
  auto* verb =
      app.add_subcommand("publish", "The explorer as a folder, for any web server or none");
  verb->add_option("DIR", options->folder, "Where to write it; made where it is not there")
      ->required()
      ->type_name("DIR");
  add_db(verb, options->db);
  verb->add_flag("--json", options->json, "Name the files as JSON");
  verb->footer(
      "Writes what `wattfor serve` shows of the store now: index.html with its script and the "
      "data. "
      "Any\n"
      "static host can serve the folder, and a browser opens index.html from the disk. Nothing is "
      "loaded\n"
      "from elsewhere. Published again, the folder holds the newer state; files that are not of it "
      "any "
      "more\n"
      "are named, and stay.\n\n"
      "Examples:\n"
      "  wattfor publish site\n"
      "  wattfor publish site --db lab.db");
  verb->callback([options, &chosen] { chosen = *options; });
}

}  // namespace wattfor::cli
