// Any bytes as what a request asks for, from whom and where: the path leads nowhere else, only
// loopback names are answered, and the words of a query survive being written again.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>

#include "base/error.h"
#include "server/guards.h"
#include "server/rank_words.h"
#include "server/request_target.h"
#include "server/routes.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

bool is_loopback(std::string host) {
  std::ranges::transform(host, host.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return std::ranges::any_of(
      std::array<std::string, 3>{"localhost", "127.0.0.1", "[::1]"},
      [&host](const std::string& name) { return host == name || host.starts_with(name + ":"); });
}

}  // namespace

// The first line is the Host, the second the Origin, the rest the target.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto line = [&text] {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view taken = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return std::string(taken);
  };
  wattfor::HttpRequest request;
  request.host = line();
  request.origin = line();
  request.target = std::string(text);
  const auto parsed = wattfor::parse_target(request.target);
  const auto* target = std::get_if<wattfor::RequestTarget>(&parsed);
  if (target == nullptr) return 0;
  require(target->path.starts_with('/'));
  require(target->path.find("/../") == std::string::npos && !target->path.ends_with("/.."));
  require(target->path.find("//") == std::string::npos);
  require(target->path.find_first_of("\\\r\n") == std::string::npos);
  const auto again = wattfor::parse_target("/?" + wattfor::query_text(target->query));
  require(std::get<wattfor::RequestTarget>(again).query == target->query);
  wattfor::find_route(target->path);
  const wattfor::Verdict verdict = wattfor::judge_request({.port = 8300}, request, *target);
  require(verdict.status != 200 || is_loopback(request.host));
  try {
    wattfor::rank_query(target->query);
  } catch (const wattfor::Error&) {
    return 0;
  }
  return 0;
}
