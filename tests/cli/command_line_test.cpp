#include "cli/command_line.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "cli/arguments.h"

namespace wattfor::cli::command_line_test {
namespace {

using Words = std::vector<std::string>;

const VerbSyntax& verb_of(const CommandLine& program, const std::string& name) {
  return *std::find_if(program.verbs.begin(), program.verbs.end(),
                       [&name](const VerbSyntax& verb) { return verb.name == name; });
}

const Argument& option_of(const VerbSyntax& verb, const std::string& name) {
  return *std::find_if(verb.options.begin(), verb.options.end(),
                       [&name](const Argument& option) { return option.names.back() == name; });
}

TEST(CommandLineTest, SaysOfAnOptionWhatTheParserKnows) {
  const CommandLine program = command_line();
  const Argument format = option_of(verb_of(program, "export"), "--format");
  EXPECT_EQ("NAME", format.value);
  EXPECT_EQ((Words{"json", "csv"}), format.choices);
  EXPECT_EQ("json, csv", format.limits);
  EXPECT_EQ("json", format.default_value);
  EXPECT_EQ("json or csv", format.help);
  EXPECT_FALSE(format.repeats);

  const Argument interval = option_of(verb_of(program, "run"), "--interval-ms");
  EXPECT_EQ("MS", interval.value);
  EXPECT_EQ("1 - 60000", interval.limits);
  EXPECT_EQ(Offer::nothing, interval.offer);

  const Argument help = option_of(verb_of(program, "rank"), "--help");
  EXPECT_EQ((Words{"-h", "--help"}), help.names);
  EXPECT_EQ("", help.value);

  EXPECT_TRUE(option_of(verb_of(program, "rank"), "--test-set").repeats);
  EXPECT_EQ(Offer::files, option_of(verb_of(program, "rank"), "--db").offer);
}

TEST(CommandLineTest, SaysOfAPositionalWhatAShellCanOffer) {
  const CommandLine program = command_line();
  const Argument models = verb_of(program, "sweep").positionals.at(0);
  EXPECT_EQ(Offer::files, models.offer);
  EXPECT_TRUE(models.required);
  EXPECT_TRUE(models.repeats);
  EXPECT_EQ(Offer::command, verb_of(program, "run").positionals.at(0).offer);
  const Argument what = verb_of(program, "import").positionals.at(0);
  EXPECT_EQ(Offer::files, what.offer);
  EXPECT_EQ((Words{"accuracy", "training", "codecarbon", "study", "timm"}), what.choices);
}

TEST(CommandLineTest, OffersAManualPageOfEveryVerb) {
  const CommandLine program = command_line();
  Words verbs;
  for (const auto& verb : program.verbs) verbs.push_back(verb.name);
  // The page of `manual` itself included, and of verbs added before it alone: so it is the last.
  EXPECT_EQ("manual", verbs.back());
  EXPECT_EQ(verbs, verb_of(program, "manual").positionals.at(0).choices);
}

TEST(CommandLineTest, TellsExamplesAndEnvironmentOfTheProgram) {
  const CommandLine program = command_line();
  Words titles;
  for (const auto& section : program.sections) titles.push_back(section.title);
  EXPECT_EQ((Words{"", "Examples", "Files", "Environment", "Exit status"}), titles);
}

TEST(SectionsTest, TellTitledLinesFromParagraphs) {
  const auto sections = sections_of(
      "One paragraph,\nwrapped.\n\n"
      "Examples:\n  wattfor a\n\n"
      "Exit status:\n  0    done,\n       all of it\n  127  not found");
  ASSERT_EQ(3U, sections.size());
  EXPECT_EQ("", sections[0].title);
  EXPECT_EQ("One paragraph, wrapped.", sections[0].paragraph);
  EXPECT_EQ("Exit status", sections[2].title);
  ASSERT_EQ(2U, sections[2].lines.size());
  EXPECT_EQ("0", sections[2].lines[0].term);
  EXPECT_EQ("done, all of it", sections[2].lines[0].text);
  EXPECT_EQ("127", sections[2].lines[1].term);
}

TEST(SectionsTest, KeepALineWithoutAnExplanationWhole) {
  const auto sections = sections_of("Examples:\n  wattfor rank\n  wattfor rank --top 3");
  ASSERT_EQ(1U, sections.size());
  ASSERT_EQ(2U, sections[0].lines.size());
  EXPECT_EQ("wattfor rank --top 3", sections[0].lines[1].term);
  EXPECT_EQ("", sections[0].lines[1].text);
}

TEST(SectionsTest, AreNoneOfAnEmptyFooter) { EXPECT_TRUE(sections_of("").empty()); }

TEST(OfferTest, FollowsFromTheWordsOfTheValue) {
  const auto offered = [](const std::string& value) {
    Argument argument{.value = value};
    offer_by_value(argument);
    return argument;
  };
  EXPECT_EQ(Offer::files, offered("FILE").offer);
  EXPECT_EQ(Offer::folders, offered("FOLDER").offer);
  EXPECT_EQ(Offer::command, offered("COMMAND...").offer);
  EXPECT_EQ(Offer::nothing, offered("PROFILE").offer);
  EXPECT_EQ(Words{"auto"}, offered("LIST|auto").choices);
  EXPECT_EQ(Words{}, offered("0…1").choices);
}

}  // namespace
}  // namespace wattfor::cli::command_line_test
