#include "server/session.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <cstdint>
#include <exception>
#include <string_view>
#include <utility>
#include <variant>

#include "server/answers.h"
#include "server/event_stream.h"
#include "server/response.h"
#include "server/serving.h"

namespace wattfor::transport {
namespace {

namespace http = boost::beast::http;
using RequestParser = http::request_parser<http::empty_body>;

HttpMethod method_of(http::verb verb) {
  if (verb == http::verb::get) return HttpMethod::get;
  return verb == http::verb::head ? HttpMethod::head : HttpMethod::other;
}

HttpRequest request_of(const RequestParser::value_type& message) {
  const auto field = [&message](http::field name) {
    const auto value = message[name];
    return std::string(value.data(), value.size());
  };
  HttpRequest request;
  request.method = method_of(message.method());
  request.target = std::string(message.target().data(), message.target().size());
  // Of two Hosts, one would be judged and the other meant.
  if (message.count(http::field::host) == 1) request.host = field(http::field::host);
  request.origin = field(http::field::origin);
  request.authorization = field(http::field::authorization);
  request.cookie = field(http::field::cookie);
  request.accept_encoding = field(http::field::accept_encoding);
  request.if_none_match = field(http::field::if_none_match);
  if (const auto site = message.find("Sec-Fetch-Site"); site != message.end()) {
    request.fetch_site = std::string(site->value());
  }
  return request;
}

std::pair<int, std::string_view> refusal_of(const error_code& error) {
  if (error == http::error::header_limit) return {431, "the request's head is too long"};
  if (error == http::error::body_limit) return {413, "expected a request without a body"};
  return {400, "expected a request of HTTP/1.1"};
}

// Whatever its coding, what follows a Transfer-Encoding is no request (RFC 9112, section 6.3).
bool has_body(const RequestParser& parser) {
  return parser.get().count(http::field::transfer_encoding) > 0 ||
         parser.content_length().value_or(0) > 0;
}

AfterAnswer after_answer_to(const RequestParser& parser) {
  if (has_body(parser) || !parser.keep_alive()) return AfterAnswer::close;
  return parser.get().version() < 11 ? AfterAnswer::keep_old : AfterAnswer::keep;
}

HttpReply reply_to(const Serving& serving, const HttpRequest& request,
                   const RequestParser& parser) {
  if (request.method == HttpMethod::other) {
    return refusal_answer(405, "everything here is to be read: expected GET or HEAD");
  }
  if (has_body(parser)) return refusal_answer(413, "expected a request without a body");
  try {
    return serving.handler(request);
  } catch (const std::exception& failure) {
    return refusal_answer(500, failure.what());
  }
}

// False where the client has gone, or took too long. `error` is what is wrong with the head.
net::awaitable<bool> read_head(const Serving& serving, Connection& connection,
                               RequestParser& parser, error_code& error) {
  const HttpLimits& limits = serving.limits;
  std::string& received = connection.received;
  connection.is_idle = received.empty();
  connection.deadline = steady_clock::now() + (connection.is_idle ? limits.idle : limits.head);
  while (true) {
    if (!received.empty()) {
      error = {};
      const std::size_t used = parser.put(net::buffer(received), error);
      received.erase(0, used);
      if (parser.is_header_done() || (error && error != http::error::need_more)) co_return true;
    }
    const bool is_more = co_await connection.receive();
    if (!is_more) co_return false;
    if (connection.is_idle) {
      connection.is_idle = false;
      connection.deadline = steady_clock::now() + limits.head;
    }
  }
}

net::awaitable<bool> send(const Serving& serving, Connection& connection,
                          const HttpRequest& request, const ServedAnswer& answer,
                          AfterAnswer after) {
  const HttpResponse response = response_to(request, answer, after, serving.date);
  const bool is_sent = co_await connection.send(response.head, response.body, serving.limits.write);
  co_return is_sent;
}

// Whether the connection goes on.
net::awaitable<bool> answer_next(Serving& serving, const Held& connection) {
  RequestParser parser;
  parser.header_limit(static_cast<std::uint32_t>(serving.limits.head_bytes));
  error_code error;
  const bool is_read = co_await read_head(serving, *connection, parser, error);
  if (!is_read) co_return false;
  HttpRequest request;
  AfterAnswer after = AfterAnswer::close;
  HttpReply reply;
  if (error) {
    const auto [status, message] = refusal_of(error);
    reply = refusal_answer(status, message);
  } else {
    request = request_of(parser.get());
    if (!serving.is_stopping) after = after_answer_to(parser);
    reply = reply_to(serving, request, parser);
  }
  if (const auto* events = std::get_if<std::shared_ptr<EventQueue>>(&reply)) {
    co_await stream_events(serving, connection, *events);
    co_return false;
  }
  SharedAnswer answer;
  if (auto* job = std::get_if<HttpJob>(&reply)) {
    connection->deadline = never;
    answer = co_await serving.jobs.result_of(std::move(*job));
  } else {
    answer = std::get<SharedAnswer>(reply);
  }
  const bool is_sent = co_await send(serving, *connection, request, *answer, after);
  if (!is_sent) co_return false;
  if (after == AfterAnswer::close) co_await connection->part();
  co_return after != AfterAnswer::close && !serving.is_stopping;
}

}  // namespace

net::awaitable<void> hold_session(Serving& serving, Held connection) {
  bool goes_on = true;  // g++ 12 loses its way where a loop's condition itself waits
  while (goes_on) goes_on = co_await answer_next(serving, connection);
}

net::awaitable<void> turn_away(Serving& serving, Held connection) {
  const SharedAnswer answer = refusal_answer(503, "there are too many connections");
  const HttpRequest unread;
  const bool is_sent = co_await send(serving, *connection, unread, *answer, AfterAnswer::close);
  if (is_sent) co_await connection->part();
}

}  // namespace wattfor::transport
