#include "cli/help_text.h"

#include <gtest/gtest.h>

#include <string>

#include "cli/arguments.h"
#include "document/text_table.h"
#include "support/text.h"

namespace wattfor::cli::help_text_test {
namespace {

using test::has_text;

VerbSyntax sample_verb() {
  VerbSyntax verb;
  verb.name = "weigh";
  verb.summary = "How heavy a thing is";
  verb.options = {{.names = {"-h", "--help"}, .help = "Print this help"},
                  {.names = {"--interval"},
                   .value = "S",
                   .limits = "0.1 - 3600",
                   .default_value = "1",
                   .help = "Between two weighings of the same thing"}};
  verb.positionals = {{.names = {"things"},
                       .value = "FILE",
                       .help = "What to weigh",
                       .required = true,
                       .repeats = true}};
  verb.sections = sections_of("A thing may be anything.\n\nExamples:\n  wattfor weigh a.onnx");
  return verb;
}

TEST(HelpTextTest, WrapsExplanationsBesideTheirTerms) {
  EXPECT_EQ(
      "How heavy a thing is\n"
      "\n"
      "Usage: wattfor weigh [OPTIONS] FILE...\n"
      "\n"
      "Arguments:\n"
      "  FILE  What to weigh\n"
      "\n"
      "Options:\n"
      "  -h, --help    Print this help\n"
      "  --interval S  Between two weighings of\n"
      "                the same thing (0.1 -\n"
      "                3600; default: 1)\n"
      "\n"
      "A thing may be anything.\n"
      "\n"
      "Examples:\n"
      "  wattfor weigh a.onnx\n",
      help_text({.name = "wattfor"}, sample_verb(), 40));
}

TEST(HelpTextTest, KeepsToTheWidthAndNamesEveryOption) {
  const CommandLine program = command_line();
  for (const VerbSyntax& verb : program.verbs) {
    const std::string text = help_text(program, verb, 80);
    for (const std::string& line : split_lines(text)) {
      // An example is to be copied, and stays whole.
      if (!line.starts_with("  wattfor ")) EXPECT_LE(display_width(line), 80) << line;
    }
    for (const Argument& option : verb.options) EXPECT_TRUE(has_text(text, option.names.back()));
    EXPECT_TRUE(has_text(help_text(program, 80), verb.name + " "));
  }
}

}  // namespace
}  // namespace wattfor::cli::help_text_test
