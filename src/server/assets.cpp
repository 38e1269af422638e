#include "server/assets.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "base/sha256.h"
#include "embedded/explorer.h"
#include "server/answers.h"

namespace wattfor {
namespace {

std::map<std::string, SharedAnswer, std::less<>> answers_by_path() {
  std::map<std::string, SharedAnswer, std::less<>> answers;
  for (const EmbeddedFile& file : assets_of_explorer()) {
    ServedAnswer answer;
    answer.content_type = content_type_of(file.path);
    answer.body = SharedBytes::of_program(file.bytes);
    if (file.gzip.size() < file.bytes.size()) answer.gzip = SharedBytes::of_program(file.gzip);
    answer.etag = fmt::format("W/\"{}\"", sha256_of(file.bytes).substr(0, 20));
    answer.caching = has_hashed_name(file.path) ? Caching::forever : Caching::revalidate;
    const auto shared = std::make_shared<const ServedAnswer>(std::move(answer));
    if (file.path == "/index.html") answers.emplace("/", shared);
    answers.emplace(file.path, shared);
  }
  return answers;
}

}  // namespace

SharedAnswer asset_at(std::string_view path) {
  static const auto answers = answers_by_path();
  const auto found = answers.find(path);
  return found == answers.end() ? nullptr : found->second;
}

std::vector<std::string_view> explorer_files() {
  std::vector<std::string_view> paths;
  for (const EmbeddedFile& file : assets_of_explorer()) {
    if (!file.path.starts_with("/api/")) paths.push_back(file.path);
  }
  return paths;
}

bool has_hashed_name(std::string_view path) {
  constexpr std::size_t hash_letters = 8;
  if (!path.starts_with("/assets/")) return false;
  const auto dot = path.rfind('.');
  if (dot == std::string_view::npos) return false;
  const std::string_view stem = path.substr(0, dot);
  // A name may hold a dash, and so may a hash.
  if (stem.size() <= hash_letters) return false;
  const char separator = stem[stem.size() - hash_letters - 1];
  return (separator == '.' || separator == '-') &&
         std::ranges::all_of(stem.substr(stem.size() - hash_letters), [](unsigned char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  c == '_' || c == '-';
         });
}

}  // namespace wattfor
