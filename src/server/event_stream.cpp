#include "server/event_stream.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <string>

#include "server/response.h"
#include "server/serving.h"

namespace wattfor::transport {
namespace {

// What a reader of events says is passed over until it ends.
net::awaitable<void> close_at_end(Held connection) {
  co_await connection->await_end();
  connection->events->close();
}

// Wakes who waits with the timer while it lives, and then lets the queue know that nobody reads.
class Reading {
 public:
  Reading(EventQueue& queue, net::steady_timer& silence) : queue_(queue) {
    queue_.set_wake([&silence] { silence.cancel(); });
  }
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;
  ~Reading() {
    queue_.set_wake({});
    queue_.close();
  }

 private:
  EventQueue& queue_;
};

}  // namespace

net::awaitable<void> stream_events(Serving& serving, Held connection,
                                   std::shared_ptr<EventQueue> events) {
  const HttpLimits& limits = serving.limits;
  net::steady_timer silence(serving.io);
  const Reading reading(*events, silence);
  connection->events = events;
  net::co_spawn(serving.io, close_at_end(connection), net::detached);
  const std::string head = event_stream_head(serving.date);
  bool is_open = co_await connection->send(head, {}, limits.write);
  while (is_open && !events->is_closed()) {
    connection->deadline = never;
    std::string text = events->take();
    if (text.empty()) {
      error_code woken;
      silence.expires_after(limits.event_comment);
      co_await silence.async_wait(into(woken));
      if (woken) continue;
      text = ":\n\n";
    }
    is_open = co_await connection->send(text, {}, limits.write);
  }
  connection->close();
}

}  // namespace wattfor::transport
