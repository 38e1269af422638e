#include "server/guards.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "base/secret.h"
#include "base/text.h"

namespace wattfor {
namespace {

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : static_cast<char>(c);
  });
  return lower;
}

// "localhost" of "localhost:8300", "[::1]" of "[::1]:8300".
std::string_view name_of_authority(std::string_view authority) {
  const auto bracket = authority.rfind(']');
  const auto colon = authority.rfind(':');
  const bool has_port =
      colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
  return has_port ? authority.substr(0, colon) : authority;
}

bool is_port(std::string_view text) {
  return text.empty() ||
         (text.size() <= 6 && text.front() == ':' && text.size() > 1 &&
          std::ranges::all_of(text.substr(1), [](char c) { return c >= '0' && c <= '9'; }));
}

bool is_loopback_name(std::string_view authority) {
  const std::string_view name = name_of_authority(authority);
  if (!is_port(authority.substr(name.size()))) return false;
  constexpr std::array<std::string_view, 3> names{"localhost", "127.0.0.1", "[::1]"};
  return std::ranges::find(names, lower_case(name)) != names.end();
}

// Browsers keep cookies by name and not by port: two servers on one machine have one each.
std::string cookie_name(const GuardPolicy& policy) {
  return fmt::format("wattfor_{}", policy.port);
}

std::string_view cookie_value(std::string_view cookies, std::string_view name) {
  while (!cookies.empty()) {
    const auto end = std::min(cookies.find(';'), cookies.size());
    const std::string_view pair = trimmed(cookies.substr(0, end));
    cookies.remove_prefix(std::min(end + 1, cookies.size()));
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=') {
      return pair.substr(name.size() + 1);
    }
  }
  return {};
}

std::string_view bearer_token(std::string_view authorization) {
  constexpr std::string_view scheme = "bearer ";
  if (lower_case(authorization.substr(0, scheme.size())) != scheme) return {};
  return trimmed(authorization.substr(scheme.size()));
}

Verdict judge_token(const GuardPolicy& policy, const HttpRequest& request,
                    const RequestTarget& target) {
  const std::string& token = *policy.token;
  if (is_same_secret(bearer_token(request.authorization), token)) return {};
  if (is_same_secret(cookie_value(request.cookie, cookie_name(policy)), token)) return {};
  const auto given = std::ranges::find(
      target.query, "token", [](const auto& word) { return std::string_view(word.first); });
  if (target.path == "/" && given != target.query.end() && is_same_secret(given->second, token)) {
    return {.takes_cookie = true};
  }
  return {.status = 401,
          .message =
              "the token is missing or another one: open the address that `wattfor serve` "
              "printed, or send `Authorization: Bearer TOKEN`"};
}

}  // namespace

Verdict judge_request(const GuardPolicy& policy, const HttpRequest& request,
                      const RequestTarget& target) {
  if (request.host.empty()) return {.status = 400, .message = "expected one Host header"};
  const std::string host = lower_case(request.host);
  if (target.authority && lower_case(*target.authority) != host) {
    return {.status = 400, .message = "the target is another server's: this is no proxy"};
  }
  if (!policy.token && !is_loopback_name(host)) {
    return {.status = 403,
            .message =
                "this server answers to localhost, 127.0.0.1 and [::1] alone; `wattfor serve "
                "--listen ADDRESS` is for other names"};
  }
  if (!request.origin.empty() && lower_case(request.origin) != "http://" + host) {
    return {.status = 403, .message = "the page that asks is another server's"};
  }
  // A picture or a script of another server's page bears no Origin. The start may be linked to.
  const bool is_own = request.fetch_site.empty() || request.fetch_site == "same-origin" ||
                      request.fetch_site == "none";
  if (!is_own && target.path != "/") {
    return {.status = 403, .message = "the page that asks is another server's"};
  }
  return policy.token ? judge_token(policy, request, target) : Verdict{};
}

std::string token_cookie(const GuardPolicy& policy) {
  return fmt::format("{}={}; Path=/; HttpOnly; SameSite=Lax", cookie_name(policy),
                     policy.token.value_or(""));
}

}  // namespace wattfor
