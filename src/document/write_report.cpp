#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/file.h"
#include "document/figure_picture.h"
#include "document/report.h"

namespace wattfor {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view page_name = "report.html";
constexpr std::string_view answer_name = "analysis.json";
constexpr std::string_view figures_name = "figures";
constexpr std::string_view tables_name = "tables";
constexpr std::size_t longest_id = 100;

bool is_id_character(char c) {
  return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9') || c == '_' ||
         c == '-';
}

bool is_letter(char c) { return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z'); }

// Ids are places in the page, too: a table may not have a figure's.
void check_ids(const Report& report) {
  std::set<std::string> known;
  const auto check = [&](const std::string& id) {
    if (!is_result_id(id)) {
      throw Error(
          ErrorCode::invalid_input,
          fmt::format("figure or table '{}': expected an id of letters, digits, _ and -", id));
    }
    // Some file systems do not tell "A" from "a".
    std::string folded = id;
    std::ranges::transform(folded, folded.begin(), [](char c) {
      return 'A' <= c && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    if (!known.insert(folded).second) {
      throw Error(ErrorCode::invalid_input,
                  fmt::format("figure or table '{}': the id is there twice", id));
    }
  };
  for (const ReportSection& section : report.sections) {
    for (const Figure& figure : section.figures) check(figure.id);
    for (const ResultTable& table : section.tables) check(table.id);
  }
}

Error folder_error(const fs::path& folder, const std::error_code& error) {
  return error_from_errno(error.value(), fmt::format("{}: the report's folder", folder.string()));
}

// Whatever a user may have put there by hand is neither mixed with a report nor overwritten.
void check_folder(const fs::path& folder) {
  std::error_code error;
  const fs::file_status status = fs::status(folder, error);
  if (status.type() == fs::file_type::not_found) return;
  if (!fs::is_directory(status)) {
    throw Error(ErrorCode::usage,
                fmt::format("{}: expected a folder for the report; name another", folder.string()));
  }
  fs::directory_iterator entries(folder, error);
  if (error) throw folder_error(folder, error);
  bool has_page = false;
  bool has_answer = false;
  std::string foreign;
  for (const fs::directory_entry& entry : entries) {
    const std::string name = entry.path().filename().string();
    has_page = has_page || name == page_name;
    has_answer = has_answer || name == answer_name;
    const bool is_own =
        name == page_name || name == answer_name || name == figures_name || name == tables_name;
    if (!is_own && (foreign.empty() || name < foreign)) foreign = name;
  }
  if (!foreign.empty()) {
    throw Error(ErrorCode::usage,
                fmt::format("{}: holds other things than a report ('{}'); name an empty or a new "
                            "folder",
                            folder.string(), foreign));
  }
  if (!has_page && has_answer) {
    throw Error(ErrorCode::usage,
                fmt::format("{}: holds an {} and no report; name an empty or a new folder",
                            folder.string(), answer_name));
  }
  if (!has_page) return;
  const std::string page = read_file(folder / page_name);
  if (page.find("<meta name=\"generator\" content=\"wattfor ") == std::string::npos) {
    throw Error(ErrorCode::usage,
                fmt::format("{}: not written by wattfor; name an empty or a new folder",
                            (folder / page_name).string()));
  }
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw folder_error(folder, error);
}

std::vector<fs::path> files_not_among(const std::vector<fs::path>& written,
                                      const fs::path& folder) {
  const std::set<fs::path> own(written.begin(), written.end());
  std::vector<fs::path> others;
  for (const std::string_view name : {figures_name, tables_name}) {
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder / name, error)) {
      if (!own.contains(entry.path())) others.push_back(entry.path());
    }
  }
  std::ranges::sort(others);
  return others;
}

}  // namespace

bool is_result_id(std::string_view id) {
  return !id.empty() && id.size() <= longest_id && is_letter(id.front()) &&
         std::ranges::all_of(id, is_id_character);
}

std::string result_id(std::string_view words) {
  std::string id;
  const bool needs_letter = words.empty() || !is_letter(words.front());
  if (needs_letter) id += 'r';
  for (const char c : words) {
    if (is_id_character(c)) {
      id += c;
    } else if (id.size() > (needs_letter ? 1U : 0U) && id.back() != '_') {
      id += '_';
    }
  }
  id.resize(std::min(id.size(), longest_id));
  while (id.back() == '_') id.pop_back();
  return id;
}

WrittenReport write_report(const Report& report, const fs::path& folder) {
  check_ids(report);
  check_folder(folder);
  const fs::path figures = folder / figures_name;
  const fs::path tables = folder / tables_name;
  for (const fs::path& each : {folder, figures, tables}) make_folder(each);

  WrittenReport written;
  written.without_png = png_problem();
  const auto write = [&](const fs::path& file, const std::string& text) {
    write_file(file, text);
    written.files.push_back(file);
  };
  for (const ReportSection& section : report.sections) {
    for (const Figure& figure : section.figures) {
      write(figures / (figure.id + ".svg"), figure_svg(figure));
      if (!written.without_png) write(figures / (figure.id + ".png"), figure_png(figure));
    }
    for (const ResultTable& table : section.tables) {
      write(tables / (table.id + ".csv"), table_csv(table));
      write(tables / (table.id + ".md"), table_markdown(table));
      write(tables / (table.id + ".tex"), table_latex(table));
    }
  }
  if (!report.json.empty()) write(folder / answer_name, report.json);
  write(folder / page_name, report_html(report));
  written.stale = files_not_among(written.files, folder);
  return written;
}

}  // namespace wattfor
