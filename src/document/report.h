#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "document/figure.h"
#include "document/result_table.h"

// What an analysis found, to be read: text, figures and tables in sections.
namespace wattfor {

struct ReportSection {
  std::string heading;
  std::vector<std::string> paragraphs = {};
  std::vector<Figure> figures = {};
  std::vector<ResultTable> tables = {};
  std::vector<std::string> notes = {};  // "left out: 12 models without an accuracy"
};

// Where data came from. Empty where unknown.
struct ReportSource {
  std::string name;
  std::string file = {};
  std::string sha256 = {};
  std::string licence = {};
  std::string origin = {};
};

struct Report {
  std::string title;
  std::vector<std::string> introduction = {};  // paragraphs
  std::vector<ReportSection> sections = {};
  std::vector<ReportSource> sources = {};
  // The same for programs to read: analysis.json beside the page, unless it is empty.
  std::string json = {};
};

// Whether figures and tables may bear it: ASCII letters, digits, "_" and "-", a letter first, at
// most 100 of them. It names files and places in a page.
bool is_result_id(std::string_view id);
// Such a name of any words: "energy A100 (fp16)" gives "energy_A100_fp16".
std::string result_id(std::string_view words);

// For a terminal of that width: tables, of long ones the beginning, and notes. No figures.
std::string report_text(const Report& report, int width);

// One file that needs nothing else: figures, style and script are in it.
std::string report_html(const Report& report);

struct WrittenReport {
  std::vector<std::filesystem::path> files;  // in the order written, report.html last
  // From an earlier report in that folder, not part of this one; they are left as they are.
  std::vector<std::filesystem::path> stale;
  std::optional<std::string> without_png;  // why there are no PNG files, and the remedy
};

// report.html, figures/ID.svg and .png, tables/ID.csv, .md and .tex, analysis.json in a folder,
// which is made where there is none. Each file is there whole or not at all, and report.html comes
// last. Throws Error{invalid_input} where an id is none or is there twice, {usage} where the folder
// holds what is no report (nothing is written then), and what write_file() throws.
WrittenReport write_report(const Report& report, const std::filesystem::path& folder);

}  // namespace wattfor
