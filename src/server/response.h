#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "server/http_types.h"

namespace wattfor {

// What is done with the connection once an answer is sent.
enum class AfterAnswer { keep, keep_old, close };  // keep_old: HTTP/1.0, which must be told

// An answer as it goes over the wire. `body` points into the answer, which must outlive it.
struct HttpResponse {
  std::string head;  // with the empty line that ends it
  std::string_view body;
};

// The answer under the request's own wishes: nothing of the body for HEAD, 304 for what it knows
// already, gzip where it takes that. `date` as RFC 9110, section 5.6.7, has it.
HttpResponse response_to(const HttpRequest& request, const ServedAnswer& answer, AfterAnswer after,
                         std::string_view date);

// The head of a stream of events, which ends with its connection.
std::string event_stream_head(std::string_view date);

// "Sat, 31 Jan 2026 12:00:00 GMT"
std::string http_date(std::int64_t unix_seconds);

}  // namespace wattfor
