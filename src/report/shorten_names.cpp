#include "report/shorten_names.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <string_view>

#include "report/text_table.h"

namespace wattfor {
namespace {

constexpr std::string_view ellipsis = "…";

// The first `count` code points of a UTF-8 text.
std::string_view head(std::string_view text, int count) {
  std::size_t end = 0;
  while (end < text.size() && display_width(text.substr(0, end + 1)) <= count) ++end;
  return text.substr(0, end);
}

std::string_view tail(std::string_view text, int count) {
  return text.substr(head(text, display_width(text) - count).size());
}

// One column goes to the ellipsis and `front` of the others to the beginning.
std::string cut(const std::string& name, int width, int front) {
  if (display_width(name) <= width) return name;
  std::string result(head(name, front));
  result += ellipsis;
  result += tail(name, width - 1 - front);
  return result;
}

// Cuts at the middle first, then ever further from it.
std::vector<int> fronts(int width) {
  const int middle = width / 2;
  std::vector<int> all;
  for (int front = 1; front < width - 1; ++front) all.push_back(front);
  std::ranges::stable_sort(
      all, {}, [&](int front) { return front < middle ? middle - front : front - middle; });
  return all;
}

}  // namespace

std::vector<std::string> shorten_names(const std::vector<std::string>& names, int width) {
  constexpr int narrowest = 5;
  const std::set<std::string> different(names.begin(), names.end());

  // Names that are short enough stand as they are; the others take turns in finding a free form.
  std::map<std::string, std::string> shortened;
  std::set<std::string> taken;
  for (const std::string& name : different) {
    if (display_width(name) > width) continue;
    shortened[name] = name;
    taken.insert(name);
  }
  // Those that share the usual form all look for another, so that none seems to be the plain one.
  std::map<std::string, int> usual_forms;
  const int first_width = std::max(width, narrowest);
  const int middle = first_width / 2;
  for (const std::string& name : different) ++usual_forms[cut(name, first_width, middle)];
  for (const std::string& name : different) {
    for (int wider = first_width; !shortened.contains(name); ++wider) {
      for (const int front : fronts(wider)) {
        const std::string form = cut(name, wider, front);
        const auto usual = usual_forms.find(form);
        const bool is_shared = usual != usual_forms.end() && usual->second > 1;
        const bool misleads = form != name && (is_shared || different.contains(form));
        if (misleads || !taken.insert(form).second) continue;
        shortened[name] = form;
        break;
      }
    }
  }
  std::vector<std::string> result;
  result.reserve(names.size());
  for (const std::string& name : names) result.push_back(shortened.at(name));
  return result;
}

}  // namespace wattfor
