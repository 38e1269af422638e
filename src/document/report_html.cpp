#include <fmt/format.h>

#include "document/figure_picture.h"
#include "document/markup.h"
#include "document/report.h"
#include "embedded/report_page.h"

namespace wattfor {
namespace {

std::string_view page_file(std::string_view wanted) {
  for (const auto& [name, text] : report_page_files()) {
    if (name == wanted) return text;
  }
  return {};
}

std::string paragraphs_html(const std::vector<std::string>& paragraphs) {
  std::string html;
  for (const std::string& paragraph : paragraphs) {
    html += fmt::format("<p>{}</p>\n", xml_text(paragraph));
  }
  return html;
}

std::string contents_html(const Report& report) {
  std::string html = "<nav aria-label=\"Contents\"><strong>Contents</strong>\n<ol>\n";
  for (std::size_t i = 0; i < report.sections.size(); ++i) {
    html += fmt::format("<li><a href=\"#section-{}\">{}</a></li>\n", i + 1,
                        xml_text(report.sections[i].heading));
  }
  if (!report.sources.empty()) html += "<li><a href=\"#sources\">Sources</a></li>\n";
  return html + "</ol></nav>\n";
}

std::string section_html(const ReportSection& section, std::size_t number) {
  std::string html = fmt::format("<section id=\"section-{}\">\n<h2>{}</h2>\n{}", number,
                                 xml_text(section.heading), paragraphs_html(section.paragraphs));
  if (!section.notes.empty()) {
    html += "<ul class=\"notes\">\n";
    for (const std::string& note : section.notes) {
      html += fmt::format("<li>{}</li>\n", xml_text(note));
    }
    html += "</ul>\n";
  }
  if (!section.figures.empty()) {
    html += "<div class=\"pictures\">\n";
    for (const Figure& figure : section.figures) {
      // Reached by the keyboard, as it scrolls on a narrow screen.
      html += fmt::format(
          "<figure class=\"picture\">\n<div class=\"plot\" tabindex=\"0\" role=\"group\" "
          "aria-label=\"{}\">\n{}</div>\n<figcaption>{}</figcaption>\n</figure>\n",
          xml_text(figure.title), figure_svg(figure), xml_text(figure.caption));
    }
    html += "</div>\n";
  }
  for (const ResultTable& table : section.tables) html += table_html(table);
  return html + "</section>\n";
}

std::string sources_html(const std::vector<ReportSource>& sources) {
  if (sources.empty()) return {};
  const auto shown = [](const std::string& words) {
    return words.empty() ? std::string("–") : xml_text(words);
  };
  std::string html =
      "<section id=\"sources\">\n<h2>Sources</h2>\n"
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Sources\">"
      "<table class=\"sources\">\n<thead><tr><th scope=\"col\">source</th><th "
      "scope=\"col\">file</th>"
      "<th scope=\"col\">SHA-256</th><th scope=\"col\">licence</th><th "
      "scope=\"col\">origin</th></tr>"
      "</thead>\n<tbody>\n";
  for (const ReportSource& source : sources) {
    html += fmt::format(
        "<tr><td>{}</td><td>{}</td><td class=\"hash\">{}</td><td>{}</td><td>{}</td></tr>\n",
        shown(source.name), shown(source.file), shown(source.sha256), shown(source.licence),
        shown(source.origin));
  }
  return html + "</tbody></table></div>\n</section>\n";
}

}  // namespace

std::string report_html(const Report& report) {
  // The page itself may load nothing, whatever stands in the texts.
  std::string html = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
      "style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; "
      "form-action 'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"generator\" content=\"wattfor "
      "{0}\">\n<title>{1}</title>\n<style>\n{2}</style>\n"
      "</head>\n<body>\n<div class=\"page\">\n{3}<main>\n<header>\n<h1>{1}</h1>\n{4}</header>\n",
      WATTFOR_VERSION, xml_text(report.title), page_file("report_page.css"), contents_html(report),
      paragraphs_html(report.introduction));
  for (std::size_t i = 0; i < report.sections.size(); ++i) {
    html += section_html(report.sections[i], i + 1);
  }
  html += sources_html(report.sources);
  return html + fmt::format(
                    "<footer><small>Written by wattfor {}.</small></footer>\n</main>\n</div>\n"
                    "<script>\n{}</script>\n</body>\n</html>\n",
                    WATTFOR_VERSION, page_file("report_page.js"));
}

}  // namespace wattfor
