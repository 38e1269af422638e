#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace wattfor {

// The words of a query in their order, decoded: "a=1&b" is {"a", "1"}, {"b", ""}.
using QueryWords = std::vector<std::pair<std::string, std::string>>;

// What a request asks for.
struct RequestTarget {
  std::string path;  // decoded; begins with a slash, and none follows another
  QueryWords query;
  std::optional<std::string> authority;  // of an absolute form: "localhost:8300"
};

// Why a target is refused, for the one who sent it.
struct BadTarget {
  std::string reason;
};

// Reads "/path?query" or "http://authority/path?query" (RFC 9112, section 3.2). What could lead
// somewhere else than it says is refused, encoded or not: ".." and ".", an empty part, a backslash,
// control characters, text that is not UTF-8, an encoding that is none. It is decoded once, never
// twice; a slash is one however it came.
std::variant<RequestTarget, BadTarget> parse_target(std::string_view target);

// The query with each word and value encoded again: of equal meaning, equal text.
std::string query_text(const QueryWords& query);

}  // namespace wattfor
