#include "server/request_target.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/utf8.h"

namespace wattfor {
namespace {

std::optional<int> hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

// Nothing where an encoding is none, or gives what is no plain text.
std::optional<std::string> percent_decoded(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const auto high = hex_digit(text[i + 1]);
      const auto low = hex_digit(text[i + 2]);
      if (!high || !low) return std::nullopt;
      c = static_cast<char>(*high * 16 + *low);
      i += 2;
    }
    if (is_control(c)) return std::nullopt;
    decoded += c;
  }
  if (!is_utf8(decoded)) return std::nullopt;
  return decoded;
}

// Its parts are looked at once it is decoded: an encoded slash is one, and leads nowhere else
// either.
std::optional<std::string> decoded_path(std::string_view encoded) {
  if (!encoded.starts_with('/')) return std::nullopt;
  auto path = percent_decoded(encoded);
  if (!path || path->find('\\') != std::string::npos) return std::nullopt;
  std::string_view rest = *path;
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const std::string_view part = rest.substr(0, rest.find('/'));
    rest.remove_prefix(part.size());
    const bool is_last = rest.empty();
    if (part == "." || part == ".." || (part.empty() && !is_last)) return std::nullopt;
  }
  return path;
}

std::optional<QueryWords> decoded_query(std::string_view query) {
  QueryWords words;
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    std::string word(query.substr(0, end));
    query.remove_prefix(std::min(end + 1, query.size()));
    if (word.empty()) continue;
    std::ranges::replace(word, '+', ' ');  // as forms encode a space
    const auto equals = std::min(word.find('='), word.size());
    const std::string_view whole = word;
    auto name = percent_decoded(whole.substr(0, equals));
    auto value = percent_decoded(whole.substr(std::min(equals + 1, whole.size())));
    if (!name || !value) return std::nullopt;
    words.emplace_back(std::move(*name), std::move(*value));
  }
  return words;
}

void append_encoded(std::string& text, std::string_view word) {
  for (const char c : word) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    if (is_plain) {
      text += c;
    } else {
      fmt::format_to(std::back_inserter(text), "%{:02X}", static_cast<unsigned char>(c));
    }
  }
}

}  // namespace

std::variant<RequestTarget, BadTarget> parse_target(std::string_view target) {
  RequestTarget result;
  constexpr std::string_view scheme = "http://";
  if (target.starts_with(scheme)) {
    target.remove_prefix(scheme.size());
    const auto end = std::min(target.find_first_of("/?"), target.size());
    result.authority = target.substr(0, end);
    target.remove_prefix(end);
    if (target.empty()) target = "/";
  }
  const auto question = std::min(target.find('?'), target.size());
  auto path = decoded_path(target.substr(0, question));
  if (!path) return BadTarget{"the path is none: expected plain parts between slashes"};
  auto query = decoded_query(target.substr(std::min(question + 1, target.size())));
  if (!query) return BadTarget{"the query is none: expected UTF-8 with %XX for other characters"};
  result.path = std::move(*path);
  result.query = std::move(*query);
  return result;
}

std::string query_text(const QueryWords& query) {
  std::string text;
  for (const auto& [word, value] : query) {
    if (!text.empty()) text += '&';
    append_encoded(text, word);
    text += '=';
    append_encoded(text, value);
  }
  return text;
}

}  // namespace wattfor
