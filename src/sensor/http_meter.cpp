#include "sensor/http_meter.h"

#include <fmt/format.h>

#include <cmath>
#include <optional>

namespace wattfor {
namespace {

constexpr int http_ok = 200;
constexpr int http_redirects = 300;
constexpr int http_unauthorized = 401;
constexpr int http_forbidden = 403;
constexpr int http_not_found = 404;
constexpr int http_errors = 400;
constexpr int http_server_errors = 500;

MeterFailure http_refusal(const std::string& address, int status) {
  if (status == http_unauthorized || status == http_forbidden) {
    return {{FailureKind::forbidden,
             fmt::format("{}: it wants a user who may read it, and refused this one (HTTP status "
                         "{})",
                         address, status)},
            ""};
  }
  if (status >= http_redirects && status < http_errors) {
    return {{FailureKind::broken,
             fmt::format("{}: it sends on to another address (HTTP status {}), which is not "
                         "followed",
                         address, status)},
            "name the address that it leads to"};
  }
  const bool passes = status >= http_server_errors;
  return {{passes ? FailureKind::try_again : FailureKind::broken,
           fmt::format("{}: {} (HTTP status {})", address,
                       status == http_not_found ? "there is nothing at this address"
                                                : "it answered with an error",
                       status)},
          passes ? "try again in a while" : "check the address"};
}

}  // namespace

std::variant<nlohmann::json, MeterFailure> get_json(HttpGet& http, const std::string& address,
                                                    std::chrono::milliseconds at_most) {
  const auto got = http.get(address, at_most);
  if (const auto* failure = std::get_if<HttpFailure>(&got)) {
    switch (failure->kind) {
      case HttpFailure::Kind::unreachable:
        return MeterFailure{
            {FailureKind::try_again, fmt::format("{}: {}", address, failure->reason)},
            "check the address, and that it can be reached from here"};
      case HttpFailure::Kind::untrusted:
        return MeterFailure{
            {FailureKind::broken,
             fmt::format("{}: its certificate is not trusted: {}", address, failure->reason)},
            ""};
      case HttpFailure::Kind::too_long:
        return unexpected_answer(address, failure->reason);
    }
  }
  const auto& answer = std::get<HttpAnswer>(got);
  if (answer.status != http_ok) return http_refusal(address, answer.status);
  return parse_json(address, answer.body);
}

std::variant<nlohmann::json, MeterFailure> parse_json(const std::string& address,
                                                      const std::string& text) {
  auto document = nlohmann::json::parse(text, nullptr, false);
  if (document.is_object()) return document;
  return unexpected_answer(address, "its answer is no JSON object");
}

std::optional<double> quantity_at(const nlohmann::json& document, const char* pointer) {
  const nlohmann::json::json_pointer place(pointer);
  if (!document.contains(place) || !document.at(place).is_number()) return std::nullopt;
  const auto value = document.at(place).get<double>();
  return std::isfinite(value) && value >= 0.0 ? std::optional(value) : std::nullopt;
}

MeterFailure unexpected_answer(const std::string& address, const std::string& what) {
  return {{FailureKind::broken, fmt::format("{}: {}", address, what)}, "check the address"};
}

}  // namespace wattfor
