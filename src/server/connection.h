#pragma once

// clang-format off: Asio's awaitable.hpp of Boost 1.74 needs it and does not include it
#include <utility>
// clang-format on

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>

#include "base/clock.h"
#include "server/event_queue.h"

// What is made of Asio: sockets, and the coroutines that wait for them, all of one thread. Asio
// takes long to compile: what the rest of the program includes has none of it.
namespace wattfor::transport {

namespace net = boost::asio;
using boost::system::error_code;
using net::ip::tcp;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr Instant never = Instant::max();

// Has an operation wait, and say what went wrong rather than throw it.
inline auto into(error_code& error) { return net::redirect_error(net::use_awaitable, error); }

class Connection;
using Connections = std::unordered_set<Connection*>;

// One client's. Who works on it sets its deadline, and the server closes it behind that.
class Connection {
 public:
  // Is in `all`, which must outlive it, while it lives.
  Connection(Connections& all, tcp::socket socket);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  // Whoever waits for it goes on, with an error.
  void close();
  // Adds what comes next to `received`; false where nothing comes any more.
  net::awaitable<bool> receive();
  // Both parts, each piece of them within `patience`; false where the client is gone.
  net::awaitable<bool> send(std::string_view head, std::string_view body, milliseconds patience);
  // Says that nothing more comes, and passes over what the client still says, for a while.
  net::awaitable<void> part();
  // The same until the client ends it.
  net::awaitable<void> await_end();

  std::string received;  // and not read yet
  Instant deadline = never;
  bool is_idle = false;  // no request has begun
  std::shared_ptr<EventQueue> events;

 private:
  Connections& all_;
  tcp::socket socket_;
};

// A coroutine holds what it works on.
using Held = std::shared_ptr<Connection>;

}  // namespace wattfor::transport
