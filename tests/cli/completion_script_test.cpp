#include "cli/completion_script.h"

#include <gtest/gtest.h>

#include <string>

#include "cli/arguments.h"
#include "cli/shell_quoting.h"
#include "support/text.h"

namespace wattfor::cli::completion_script_test {
namespace {

using test::has_text;

TEST(CompletionTest, KnowsEveryVerbAndOptionInEveryShell) {
  const CommandLine program = command_line();
  const std::string bash = bash_completion(program);
  const std::string zsh = zsh_completion(program);
  const std::string fish = fish_completion(program);
  for (const auto& verb : program.verbs) {
    EXPECT_TRUE(has_text(bash, "        " + verb.name + ")"));
    EXPECT_TRUE(has_text(zsh, "    '" + verb.name + ":"));
    EXPECT_TRUE(has_text(fish, "-n __wattfor_no_verb -a " + verb.name + " -d "));
    for (const auto& option : verb.options) {
      const std::string& name = option.names.back();
      EXPECT_TRUE(has_text(bash, " " + name));
      EXPECT_TRUE(has_text(zsh, ")" + name + (option.value.empty() ? "[" : "=[")) ||
                  has_text(zsh, "*" + name + "=["));
      EXPECT_TRUE(has_text(fish, "-l " + name.substr(2)));
    }
  }
}

// What a careless script would run, or take for its own syntax.
constexpr const char* hostile = "it's $(touch /tmp/x) `y` [z]: \\ \"q\"";

CommandLine hostile_program() {
  CommandLine program{.name = "wattfor"};
  program.verbs.push_back(
      {.name = "odd",
       .summary = hostile,
       .options = {
           {.names = {"--form"}, .value = "NAME", .choices = {"a", hostile}, .help = hostile},
           {.names = {"--db"}, .value = "FILE", .offer = Offer::files, .help = "x"}}});
  return program;
}

TEST(CompletionTest, QuotesWhatHelpTextsAndChoicesSay) {
  const CommandLine program = hostile_program();
  const std::string quoted = R"('it'\''s $(touch /tmp/x) `y` [z]: \ "q"')";
  EXPECT_TRUE(has_text(bash_completion(program), "'odd --form') _wattfor_words a " + quoted + ";"));
  EXPECT_TRUE(has_text(zsh_completion(program), R"('odd:it'\''s $(touch /tmp/x) `y` [z]: \ "q"')"));
  EXPECT_TRUE(has_text(
      zsh_completion(program),
      R"('(--form)--form=[it'\''s $(touch /tmp/x) `y` \[z\]\: \\ "q"]:NAME:(a '\''it'\''\'\'''\''s )"));
  EXPECT_TRUE(has_text(fish_completion(program), R"(-d 'it\'s $(touch /tmp/x) `y` [z]: \\ "q"')"));
  // Read twice by fish, so quoted twice.
  EXPECT_TRUE(has_text(fish_completion(program),
                       R"(-l form -x -a 'a \'it\\\'s $(touch /tmp/x) `y` [z]: \\\\ "q"\'')"));
}

TEST(CompletionTest, OffersFileNamesWhereAFileIsExpected) {
  const CommandLine program = hostile_program();
  EXPECT_TRUE(has_text(bash_completion(program), "'odd --db') _wattfor_files; return ;;"));
  EXPECT_TRUE(has_text(zsh_completion(program), "'(--db)--db=[x]:FILE:_files'"));
  EXPECT_TRUE(has_text(fish_completion(program), " -l db -r -F -d x\n"));
}

TEST(ShellQuotingTest, LeavesPlainWordsAndQuotesTheRest) {
  EXPECT_EQ("--top", shell_quoted("--top"));
  EXPECT_EQ("''", shell_quoted(""));
  EXPECT_EQ("'a b'", shell_quoted("a b"));
  EXPECT_EQ(R"(''\'''\''')", shell_quoted("''"));
  EXPECT_EQ("a 'b c'", shell_quoted(std::vector<std::string>{"a", "b c"}));
  EXPECT_EQ(R"('\\\'')", fish_quoted("\\'"));
}

}  // namespace
}  // namespace wattfor::cli::completion_script_test
