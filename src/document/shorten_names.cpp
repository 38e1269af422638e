#include "document/shorten_names.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "document/text_table.h"

namespace wattfor {
namespace {

constexpr std::string_view ellipsis = "…";

// A name and the columns that it takes, which are counted once: names may be very long.
struct Name {
  explicit Name(std::string_view name) : text(name), width(display_width(name)) {}

  std::string_view text;
  int width = 0;
};

// The last code points of a UTF-8 text.
std::string_view last_columns(std::string_view text, int columns) {
  std::size_t begin = text.size();
  while (begin > 0 && columns > 0) {
    --begin;
    if (display_width(text.substr(begin, 1)) == 1) --columns;
  }
  return text.substr(begin);
}

// One column goes to the ellipsis and `front` of the others to the beginning.
std::string cut(const Name& name, int width, int front) {
  if (name.width <= width) return std::string(name.text);
  std::string result(first_columns(name.text, front));
  result += ellipsis;
  result += last_columns(name.text, width - 1 - front);
  return result;
}

// Cuts at the middle first, then ever further from it; of very many only some, evenly spread.
std::vector<int> fronts(int width) {
  constexpr int most = 128;
  const int step = std::max(1, width / most);
  const int middle = width / 2;
  std::vector<int> all;
  for (int front = 1; front < width - 1; front += step) all.push_back(front);
  std::ranges::stable_sort(all, {}, [&](int front) { return std::abs(front - middle); });
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
  for (const std::string& name : different) ++usual_forms[cut(Name(name), first_width, middle)];

  const auto free_form = [&](const Name& name, int at_width) -> std::optional<std::string> {
    for (const int front : fronts(at_width)) {
      std::string form = cut(name, at_width, front);
      const auto usual = usual_forms.find(form);
      const bool is_shared = usual != usual_forms.end() && usual->second > 1;
      const bool misleads = form != name.text && (is_shared || different.contains(form));
      if (!misleads && taken.insert(form).second) return form;
    }
    return std::nullopt;
  };
  for (const std::string& text : different) {
    const Name name(text);
    // Each try is wider by a share of itself, so that even a name of a megabyte takes few; the last
    // is the name itself, which is free.
    for (int wider = first_width; !shortened.contains(text); wider += std::max(1, wider / 8)) {
      if (auto form = free_form(name, wider)) shortened[text] = std::move(*form);
    }
  }
  std::vector<std::string> result;
  result.reserve(names.size());
  for (const std::string& name : names) result.push_back(shortened.at(name));
  return result;
}

}  // namespace wattfor
