#include "document/report.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/file.h"
#include "document/figure_picture.h"
#include "sample_figures.h"
#include "support/golden.h"
#include "support/temp_tree.h"
#include "support/text.h"

namespace wattfor::report_test {
namespace {

namespace fs = std::filesystem;
using test::has_text;

Report sample_report() {
  return {.title = "A report & more",
          .introduction = {"What was found.", test::hostile_name},
          .sections = {{.heading = test::hostile_name,
                        .paragraphs = {"Look at the figure."},
                        .figures = {test::scatter_figure()},
                        .tables = {test::sample_table()},
                        .notes = {"left out: one model"}},
                       {.heading = "Shares", .figures = {test::bars_figure()}}},
          .sources = {{.name = "a study", .file = "a.csv", .licence = "MIT"}}};
}

std::string message_of(const Report& report, const fs::path& folder) {
  try {
    write_report(report, folder);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(ReportPageTest, IsWrittenAsBefore) {
  std::string page = report_html(sample_report());
  // The version is not what this is about.
  for (auto at = page.find(WATTFOR_VERSION); at != std::string::npos;
       at = page.find(WATTFOR_VERSION, at)) {
    page.replace(at, std::string_view(WATTFOR_VERSION).size(), "VERSION");
  }
  test::expect_golden("report.html", page);
}

TEST(ReportPageTest, LoadsNothingAndRunsNothingOfOthers) {
  const std::string page = report_html(sample_report());
  EXPECT_TRUE(has_text(page, "default-src 'none'"));
  EXPECT_FALSE(has_text(page, "<script>alert"));
  EXPECT_FALSE(has_text(page, "<link"));
  EXPECT_FALSE(has_text(page, "src="));
  EXPECT_FALSE(has_text(page, "@import"));
}

TEST(ReportPageTest, LeadsFromTheContentsToEachSection) {
  const std::string page = report_html(sample_report());
  for (const char* id : {"section-1", "section-2", "sources"}) {
    EXPECT_TRUE(has_text(page, std::string("href=\"#") + id + "\"")) << id;
    EXPECT_TRUE(has_text(page, std::string("id=\"") + id + "\"")) << id;
  }
}

TEST(ReportFolderTest, HoldsThePageAndEveryFigureAndTable) {
  const test::TempTree tree;
  const fs::path folder = tree / "new/report";
  const WrittenReport written = write_report(sample_report(), folder);
  EXPECT_EQ(folder / "report.html", written.files.back());
  std::vector<std::string> wanted{"figures/scatter.svg", "figures/bars.svg",  "tables/models.csv",
                                  "tables/models.md",    "tables/models.tex", "report.html"};
  if (!written.without_png)
    wanted.insert(wanted.end(), {"figures/scatter.png", "figures/bars.png"});
  EXPECT_EQ(wanted.size(), written.files.size());
  for (const std::string& file : wanted) EXPECT_TRUE(fs::is_regular_file(folder / file)) << file;
  EXPECT_EQ(figure_svg(test::bars_figure()), read_file(folder / "figures/bars.svg"));
}

TEST(ReportFolderTest, IsWrittenAnewAndNamesWhatIsLeftOfAnEarlierOne) {
  const test::TempTree tree;
  Report report = sample_report();
  write_report(report, tree.root());
  report.sections.pop_back();
  const WrittenReport written = write_report(report, tree.root());
  ASSERT_FALSE(written.stale.empty());
  EXPECT_EQ(tree / "figures/bars.svg", written.stale.back());
  EXPECT_TRUE(fs::exists(tree / "figures/bars.svg"));
}

TEST(ReportFolderTest, IsNotOneThatHoldsOtherThings) {
  const test::TempTree tree;
  tree.write("thesis.tex", "years of work");
  EXPECT_TRUE(has_text(message_of(sample_report(), tree.root()), "thesis.tex"));
  EXPECT_FALSE(fs::exists(tree / "figures"));

  const test::TempTree other;
  other.write("report.html", "<p>my own</p>");
  EXPECT_TRUE(has_text(message_of(sample_report(), other.root()), "not written by wattfor"));
  EXPECT_EQ("<p>my own</p>", read_file(other / "report.html"));

  other.write("file", "");
  EXPECT_TRUE(has_text(message_of(sample_report(), other / "file"), "expected a folder"));
}

TEST(ReportFolderTest, ThatCannotBeMadeIsNamed) {
  const test::TempTree tree;
  tree.write("file", "");
  const fs::path below = tree / "file/report";
  EXPECT_TRUE(has_text(message_of(sample_report(), below), below.string()));
}

TEST(ReportFolderTest, RefusesIdsThatAreNoNamesOfFiles) {
  const test::TempTree tree;
  for (const char* id : {"", "../up", "a b", "1st", "a.b", "größe"}) {
    Report report = sample_report();
    report.sections[0].figures[0].id = id;
    EXPECT_TRUE(has_text(message_of(report, tree / "out"), "expected an id")) << id;
  }
  Report twice = sample_report();
  twice.sections[1].figures[0].id = "MODELS";  // the table's
  EXPECT_TRUE(has_text(message_of(twice, tree / "out"), "there twice"));
  EXPECT_FALSE(fs::exists(tree / "out"));
}

TEST(ResultIdTest, IsMadeOfAnyWords) {
  EXPECT_EQ("energy_A100_fp16", result_id("energy A100 (fp16)"));
  EXPECT_EQ("r1_2", result_id("1/2"));
  EXPECT_EQ("r", result_id("数"));
  for (const char* words : {"", "../../etc", "a\nb", "---"}) {
    EXPECT_TRUE(is_result_id(result_id(words))) << words;
  }
  EXPECT_TRUE(is_result_id(result_id(std::string(300, 'x'))));
}

}  // namespace
}  // namespace wattfor::report_test
