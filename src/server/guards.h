#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "server/http_types.h"
#include "server/request_target.h"

namespace wattfor {

// Who is answered.
struct GuardPolicy {
  std::uint16_t port = 0;
  // Asked for where the server is reached from elsewhere; without one, loopback names alone are
  // answered.
  std::optional<std::string> token = std::nullopt;
};

// What stands between a request and its answer.
struct Verdict {
  int status = 200;          // 200: it may be answered
  std::string message = {};  // why not, and the remedy
  // The token came in the address: it becomes a cookie, and the address goes without it.
  bool takes_cookie = false;
};

// The Host must be this machine's own name for itself, whatever its port: one that is forwarded
// (ssh -L) is another, and a foreign page that leads its own name here (DNS rebinding) can't choose
// a loopback one. An Origin must be that Host, and what a browser says of
// the page that asks (Sec-Fetch-Site) must not be another's, but for the start. With a token any
// Host may be asked: a cookie belongs to the name that it was set for.
Verdict judge_request(const GuardPolicy& policy, const HttpRequest& request,
                      const RequestTarget& target);

// The header that sets the token's cookie.
std::string token_cookie(const GuardPolicy& policy);

}  // namespace wattfor
