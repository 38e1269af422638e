#include "server/response.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <ctime>
#include <iterator>
#include <optional>

#include "base/text.h"

namespace wattfor {
namespace {

// On every answer. Nothing comes from elsewhere or runs from within a page, and no other site sees
// what is answered here.
constexpr std::string_view security_headers =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n";

std::string_view reason_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 413:
      return "Content Too Large";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return "Other";
  }
}

std::string_view caching_of(Caching caching) {
  switch (caching) {
    case Caching::revalidate:
      return "no-cache";
    case Caching::forever:
      return "public, max-age=31536000, immutable";
    case Caching::none:
      return "no-store";
  }
  return "no-store";
}

// Calls `look` with each entry of a list in a header until it says true.
template <class Look>
bool any_entry(std::string_view list, const Look& look) {
  while (!list.empty()) {
    const auto end = std::min(list.find(','), list.size());
    if (look(trimmed(list.substr(0, end)))) return true;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

// Whether gzip is named, or everything is and gzip is not, with a weight above nothing (RFC 9110,
// section 12.5.3).
bool takes_gzip(std::string_view accept_encoding) {
  std::optional<bool> gzip;
  bool others = false;
  any_entry(accept_encoding, [&](std::string_view entry) {
    const auto semicolon = std::min(entry.find(';'), entry.size());
    const std::string_view name = trimmed(entry.substr(0, semicolon));
    const auto weight = entry.find("q=");
    const bool is_taken =
        weight == std::string_view::npos ||
        entry.substr(weight + 2).find_first_of("123456789") != std::string_view::npos;
    if (name == "gzip") gzip = is_taken;
    if (name == "*") others = is_taken;
    return false;
  });
  return gzip.value_or(others);
}

// The weak comparison of RFC 9110, section 13.1.2.
bool is_known(std::string_view if_none_match, std::string_view etag) {
  const auto opaque = [](std::string_view tag) {
    return tag.starts_with("W/") ? tag.substr(2) : tag;
  };
  return any_entry(if_none_match, [&](std::string_view entry) {
    return entry == "*" || opaque(entry) == opaque(etag);
  });
}

}  // namespace

HttpResponse response_to(const HttpRequest& request, const ServedAnswer& answer, AfterAnswer after,
                         std::string_view date) {
  const bool is_unchanged =
      answer.status == 200 && !answer.etag.empty() && is_known(request.if_none_match, answer.etag);
  const bool has_gzip = !answer.gzip.view().empty();
  const bool is_compressed = has_gzip && takes_gzip(request.accept_encoding);
  const std::string_view body = is_compressed ? answer.gzip.view() : answer.body.view();

  HttpResponse response;
  std::string& head = response.head;
  head.reserve(1024);
  const auto add = std::back_inserter(head);
  const int status = is_unchanged ? 304 : answer.status;
  fmt::format_to(add, "HTTP/1.1 {} {}\r\nDate: {}\r\n", status, reason_of(status), date);
  head += security_headers;
  fmt::format_to(add, "Cache-Control: {}\r\n", caching_of(answer.caching));
  if (!answer.etag.empty()) fmt::format_to(add, "ETag: {}\r\n", answer.etag);
  if (has_gzip) head += "Vary: Accept-Encoding\r\n";
  for (const auto& [name, value] : answer.headers) fmt::format_to(add, "{}: {}\r\n", name, value);
  if (!is_unchanged) {
    if (is_compressed) head += "Content-Encoding: gzip\r\n";
    if (!answer.content_type.empty()) {
      fmt::format_to(add, "Content-Type: {}\r\n", answer.content_type);
    }
    fmt::format_to(add, "Content-Length: {}\r\n", body.size());
    if (request.method != HttpMethod::head) response.body = body;
  }
  if (after == AfterAnswer::close) head += "Connection: close\r\n";
  if (after == AfterAnswer::keep_old) head += "Connection: keep-alive\r\n";
  head += "\r\n";
  return response;
}

std::string event_stream_head(std::string_view date) {
  return fmt::format(
      "HTTP/1.1 200 OK\r\nDate: {}\r\n{}Cache-Control: no-store\r\n"
      "Content-Type: text/event-stream\r\nConnection: close\r\n\r\n",
      date, security_headers);
}

std::string http_date(std::int64_t unix_seconds) {
  static constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto seconds = static_cast<std::time_t>(unix_seconds);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT",
                     days.at(static_cast<std::size_t>(utc.tm_wday)), utc.tm_mday,
                     months.at(static_cast<std::size_t>(utc.tm_mon)), 1900 + utc.tm_year,
                     utc.tm_hour, utc.tm_min, utc.tm_sec);
}

}  // namespace wattfor
