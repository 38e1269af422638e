#include "cli/manual_page.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "cli/arguments.h"
#include "support/text.h"

namespace wattfor::cli::manual_page_test {
namespace {

using test::has_text;

TEST(ManualPageTest, ExistsForEveryVerbWithAllItsOptions) {
  const CommandLine program = command_line();
  const std::string overview = manual_page(program);
  for (const auto& verb : program.verbs) {
    EXPECT_TRUE(has_text(overview, "\\fBwattfor\\-" + verb.name + "\\fR(1)"));
    const std::string page = manual_page(program, verb);
    EXPECT_TRUE(has_text(page, ".SH NAME\nwattfor\\-" + verb.name + " \\- "));
    for (const auto& option : verb.options) {
      for (const auto& name : option.names) {
        EXPECT_TRUE(has_text(page, "\\fB" + roff(name) + "\\fR"));
      }
    }
  }
}

TEST(ManualPageTest, HasTheSectionsThatReadersLookFor) {
  const CommandLine program = command_line();
  for (const auto& verb : program.verbs) {
    const std::string page = manual_page(program, verb);
    for (const char* section : {".SH NAME\n", ".SH SYNOPSIS\n", ".SH DESCRIPTION\n",
                                ".SH OPTIONS\n", ".SH \"EXIT STATUS\"\n", ".SH \"ENVIRONMENT\"\n",
                                ".SH \"FILES\"\n", ".SH \"SEE ALSO\"\n"}) {
      const auto first = page.find(section);
      EXPECT_NE(std::string::npos, first) << verb.name << " lacks " << section;
      EXPECT_EQ(std::string::npos, page.find(section, first + 1)) << verb.name << section;
    }
  }
}

// A page for one option, one positional and one section.
CommandLine small_program() {
  CommandLine program{.name = "wattfor", .version = "1.2", .about = "wattfor is 'odd'"};
  program.sections = sections_of("Exit status:\n  0  of the program\n\nExamples:\n  wattfor x");
  program.verbs.push_back(
      {.name = "odd",
       .summary = "Odd things",
       .options = {{.names = {"-f", "--form"},
                    .value = "NAME",
                    .limits = "a, b",
                    .default_value = "a",
                    .help = ".fi is no \\request"}},
       .positionals = {{.names = {"what"},
                        .value = "FILE",
                        .help = "The thing",
                        .required = true,
                        .repeats = true}},
       .sections = sections_of("Some prose.\n\nExit status:\n  7  of the verb\n\n"
                               "Examples:\n  .wattfor odd --form a\n  'quoted'")});
  return program;
}

TEST(ManualPageTest, LaysAVerbOut) {
  const CommandLine program = small_program();
  EXPECT_EQ(
      ".TH \"WATTFOR\\-ODD\" 1 \"\" \"wattfor 1.2\" \"User commands\"\n"
      ".nh\n"
      ".ad l\n"
      ".SH NAME\n"
      "wattfor\\-odd \\- Odd things\n"
      ".SH SYNOPSIS\n"
      "\\fBwattfor odd\\fR [\\fIOPTIONS\\fR] \\fIFILE\\fR...\n"
      ".SH DESCRIPTION\n"
      "Odd things.\n"
      ".PP\n"
      "Some prose.\n"
      ".SH ARGUMENTS\n"
      ".TP\n"
      "\\fIFILE\\fR\n"
      "The thing\n"
      ".SH OPTIONS\n"
      ".TP\n"
      "\\fB\\-f\\fR, \\fB\\-\\-form\\fR \\fINAME\\fR\n"
      "\\&.fi is no \\[rs]request (a, b; default: a)\n"
      ".SH \"EXIT STATUS\"\n"
      ".TP\n"
      "\\fB7\\fR\n"
      "of the verb\n"
      ".SH \"EXAMPLES\"\n"
      ".nf\n"
      "\\&.wattfor odd \\-\\-form a\n"
      "\\[aq]quoted\\[aq]\n"
      ".fi\n"
      ".SH \"SEE ALSO\"\n"
      "\\fBwattfor\\fR(1)\n",
      manual_page(program, program.verbs[0]));
}

TEST(RoffTest, ShowsHyphensQuotesAndBackslashesAsTheyAre) {
  EXPECT_EQ("\\-\\-no\\-x \\[dq]a\\[dq] \\[aq]b\\[aq] \\[ga]c\\[ga] \\[rs]d \\[ti]/e \\[ha]",
            roff("--no-x \"a\" 'b' `c` \\d ~/e ^"));
}

TEST(RoffTest, NeverBeginsARequest) {
  EXPECT_EQ("\\&.TH", roff(".TH"));
  EXPECT_EQ("\\[aq]TH", roff("'TH"));
}

TEST(RoffTest, SpellsOtherLettersInAscii) {
  EXPECT_EQ("0\\[u2026]1 \\[u00B5]J \\[u1F50C]", roff("0…1 µJ \U0001F50C"));
  EXPECT_EQ("a?b", roff("a\xff"
                        "b"));
  const std::string page = manual_page(command_line());
  EXPECT_TRUE(std::all_of(page.begin(), page.end(),
                          [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); }));
}

}  // namespace
}  // namespace wattfor::cli::manual_page_test
