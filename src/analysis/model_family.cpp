#include "analysis/model_family.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "analysis/model_family_table.h"

namespace wattfor {
namespace {

// What timm, and the collections that it took weights from, have put before an architecture's name.
constexpr std::array<std::string_view, 12> origins{"adv_",  "dm_",   "ens_adv_", "gluon_",
                                                   "ig_",   "jx_",   "legacy_",  "ssl_",
                                                   "swsl_", "test_", "tf_",      "tv_"};

struct NamePrefix {
  std::string_view prefix;
  const ModelFamily* family = nullptr;
};

// The words of a family's prefixes, each given to `take`.
constexpr void for_each_prefix(const ModelFamily& family, auto take) {
  std::string_view rest = family.prefixes;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    take(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

constexpr std::size_t prefix_count = [] {
  std::size_t count = 0;
  for (const ModelFamily& family : model_family_table) {
    for_each_prefix(family, [&](std::string_view) { ++count; });
  }
  return count;
}();

// Every prefix of every family, in the order of the alphabet.
constexpr std::array<NamePrefix, prefix_count> name_prefixes = [] {
  std::array<NamePrefix, prefix_count> prefixes{};
  std::size_t count = 0;
  for (const ModelFamily& family : model_family_table) {
    for_each_prefix(family,
                    [&](std::string_view prefix) { prefixes[count++] = {prefix, &family}; });
  }
  std::ranges::sort(prefixes, {}, &NamePrefix::prefix);
  return prefixes;
}();

std::string_view without_origin(std::string_view model) {
  for (const std::string_view origin : origins) {
    if (model.starts_with(origin)) return model.substr(origin.size());
  }
  return model;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool begins_with_words(std::string_view name, std::string_view words) {
  if (!name.starts_with(words)) return false;
  return name.size() == words.size() || !is_letter(words.back()) || !is_letter(name[words.size()]);
}

std::size_t common_length(std::string_view a, std::string_view b) {
  return static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
}

}  // namespace

std::string_view name_of(ModelClass model_class) {
  switch (model_class) {
    case ModelClass::cnn:
      return "CNN";
    case ModelClass::transformer:
      return "Transformer";
    case ModelClass::hybrid:
      return "Hybrid";
    case ModelClass::mlp:
      return "MLP";
  }
  return "";
}

const ModelFamily* family_of(std::string_view model) {
  const std::string_view name = without_origin(model);
  // Among the prefixes that sort no later than the name, the last one is its longest, or what the
  // two have in common begins with it.
  std::string_view beginning = name;
  while (!beginning.empty()) {
    const auto later = std::ranges::upper_bound(name_prefixes, beginning, {}, &NamePrefix::prefix);
    if (later == name_prefixes.begin()) return nullptr;
    const auto& [prefix, family] = *std::prev(later);
    if (begins_with_words(name, prefix)) return family;
    beginning = prefix.substr(0, std::min(common_length(beginning, prefix), prefix.size() - 1));
  }
  return nullptr;
}

std::span<const ModelFamily> model_families() { return model_family_table; }

std::vector<std::string> family_names() {
  std::vector<std::string> names;
  for (const ModelFamily& family : model_families()) names.emplace_back(family.name);
  return names;
}

}  // namespace wattfor
