#include "server/answers.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "base/sha256.h"
#include "measurement/json.h"
#include "server/gzip.h"

namespace wattfor {
namespace {

constexpr std::size_t least_compressed = 512;  // bytes; below, a packet is a packet

struct ErrorStatus {
  ErrorCode code;
  int status;
  std::string_view name;
};

constexpr std::array error_statuses{
    ErrorStatus{ErrorCode::usage, 400, "usage"},
    ErrorStatus{ErrorCode::invalid_input, 400, "invalid_input"},
    ErrorStatus{ErrorCode::not_found, 404, "not_found"},
    ErrorStatus{ErrorCode::permission_denied, 403, "permission_denied"},
    ErrorStatus{ErrorCode::unsupported, 501, "unsupported"},
    ErrorStatus{ErrorCode::timed_out, 504, "timed_out"},
    ErrorStatus{ErrorCode::io, 500, "io"}};

std::string_view name_of_status(int status) {
  switch (status) {
    case 400:
    case 413:
    case 414:
    case 431:
      return "bad_request";
    case 401:
      return "unauthorized";
    case 403:
      return "forbidden";
    case 404:
      return "not_found";
    case 405:
      return "method_not_allowed";
    case 503:
      return "busy";
    default:
      return "failed";
  }
}

}  // namespace

SharedAnswer answer_of(std::string body, std::string content_type) {
  ServedAnswer answer;
  answer.content_type = std::move(content_type);
  answer.caching = Caching::revalidate;
  // Weak: it names the content, whether it comes compressed or not.
  answer.etag = fmt::format("W/\"{}\"", sha256_of(body).substr(0, 20));
  if (body.size() >= least_compressed) answer.gzip = SharedBytes(gzipped(body));
  answer.body = SharedBytes(std::move(body));
  return std::make_shared<const ServedAnswer>(std::move(answer));
}

SharedAnswer json_answer(const nlohmann::json& json) {
  return answer_of(dump(json), "application/json");
}

SharedAnswer error_answer(int status, std::string_view code, std::string_view message) {
  ServedAnswer answer;
  answer.status = status;
  answer.content_type = "application/json";
  answer.body = SharedBytes(
      dump({{"error", {{"code", std::string(code)}, {"message", std::string(message)}}}}) + "\n");
  if (status == 405) answer.headers.emplace_back("Allow", "GET, HEAD");
  if (status == 401) answer.headers.emplace_back("WWW-Authenticate", "Bearer");
  if (status == 503) answer.headers.emplace_back("Retry-After", "5");
  return std::make_shared<const ServedAnswer>(std::move(answer));
}

SharedAnswer refusal_answer(int status, std::string_view message) {
  return error_answer(status, name_of_status(status), message);
}

SharedAnswer error_answer(const Error& error) {
  for (const ErrorStatus& each : error_statuses) {
    if (each.code == error.code()) return error_answer(each.status, each.name, error.what());
  }
  return error_answer(500, "failed", error.what());
}

std::string_view content_type_of(std::string_view file) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 10> types{{
      {".html", "text/html; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".json", "application/json"},
      {".map", "application/json"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".ico", "image/x-icon"},
      {".woff2", "font/woff2"},
      {".txt", "text/plain; charset=utf-8"},
  }};
  for (const auto& [ending, type] : types) {
    if (file.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

}  // namespace wattfor
