#include "report/scope_words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>

namespace wattfor {
namespace {

// "module 0" is the module; a label is a name as it is.
std::string without_index(const std::string& name) {
  const auto last = name.find_last_not_of("0123456789");
  const bool indexed = last != std::string::npos && last + 1 < name.size() && name[last] == ' ';
  return indexed ? name.substr(0, last) : name;
}

std::string names_of_others(const std::vector<ComponentEnergy>& components, bool with_figure,
                            const char* separator) {
  std::vector<std::string> names;
  for (const ComponentEnergy& component : components) {
    if (component.kind != ComponentKind::other || !component.in_total) continue;
    if (component.gross.has_value() != with_figure) continue;
    std::string name = without_index(component.name);
    if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
  }
  return fmt::format("{}", fmt::join(names, separator));
}

}  // namespace

std::string scope_words(const std::string& scope, const std::vector<ComponentEnergy>& components) {
  const std::string other(name_of(ComponentKind::other));
  const std::size_t place = scope.find(other);
  if (place == std::string::npos) return scope;
  // What is missing stands in parentheses behind what is summed.
  const bool summed = place < scope.find('(');
  const std::string names = names_of_others(components, summed, summed ? " + " : ", ");
  if (names.empty()) return scope;
  return scope.substr(0, place) + names + scope.substr(place + other.size());
}

}  // namespace wattfor
