#include "server/http_server.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <ctime>
#include <tuple>
#include <utility>
#include <vector>

#include "base/error.h"
#include "server/connection.h"
#include "server/response.h"
#include "server/serving.h"
#include "server/session.h"

namespace wattfor {
namespace {

using namespace transport;

constexpr milliseconds longest_look{500};  // between looks at deadlines
constexpr milliseconds out_of_files_pause{100};
constexpr std::size_t most_refused = 128;  // connections that are told that there are too many
constexpr std::size_t files_beside = 128;  // that are open for other things than connections

// Raises the soft limit of open files as far as it helps, and says how many connections fit.
std::size_t affordable_connections(std::size_t wanted) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return wanted;
  const rlim_t needed = wanted + most_refused + files_beside;
  if (limit.rlim_cur < needed) {
    limit.rlim_cur = std::min(needed, limit.rlim_max);
    setrlimit(RLIMIT_NOFILE, &limit);
    getrlimit(RLIMIT_NOFILE, &limit);
  }
  const auto open = static_cast<std::size_t>(limit.rlim_cur);
  const std::size_t reserved = most_refused + files_beside;
  return std::clamp<std::size_t>(open > reserved ? open - reserved : 1, 1, wanted);
}

// Asio's sockets pass to children, who would hold the port and the connections.
void keep_from_children(int fd) { ::fcntl(fd, F_SETFD, FD_CLOEXEC); }

bool is_out_of_files(const error_code& error) {
  const int number = error.value();
  return number == EMFILE || number == ENFILE || number == ENOBUFS || number == ENOMEM;
}

}  // namespace

// Listens, lets in whom there is room for, and sees to it that nobody stays too long.
class HttpServer::Impl {
 public:
  Impl(const std::string& address, std::uint16_t port, HttpLimits limits)
      : serving_{.limits = limits},
        most_connections_(affordable_connections(limits.most_connections)),
        acceptor_(serving_.io),
        look_(serving_.io) {
    listen(address, port);
  }

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

  void post(std::function<void()> action) { net::post(serving_.io, std::move(action)); }

  void run(HttpHandler handler, int stop_fd, std::function<bool()> is_to_stop) {
    serving_.handler = std::move(handler);
    serving_.date = http_date(std::time(nullptr));
    net::co_spawn(serving_.io, accept_all(), net::detached);
    net::co_spawn(serving_.io, look_at_deadlines(), net::detached);
    net::co_spawn(serving_.io, await_stop(stop_fd, std::move(is_to_stop)), net::detached);
    serving_.io.run();
  }

 private:
  void listen(const std::string& address, std::uint16_t port) {
    error_code error;
    const auto ip = net::ip::make_address(address, error);
    if (error) {
      throw Error(ErrorCode::usage,
                  fmt::format("'{}' is no address to listen on: expected one of this machine's, as "
                              "192.168.1.5, or 0.0.0.0 for all",
                              address));
    }
    const tcp::endpoint endpoint(ip, port);
    try {
      acceptor_.open(endpoint.protocol());
      keep_from_children(acceptor_.native_handle());
      acceptor_.set_option(tcp::acceptor::reuse_address(true));
      acceptor_.bind(endpoint);
      acceptor_.listen();
    } catch (const boost::system::system_error& failure) {
      const int number = failure.code().value();
      if (number == EADDRINUSE) {
        throw Error(ErrorCode::usage,
                    fmt::format("port {} is taken, perhaps by another `wattfor serve`; --port "
                                "names another one, and --port 0 takes any that is free",
                                port));
      }
      throw error_from_errno(number, fmt::format("listening on {} port {}", address, port));
    }
  }

  net::awaitable<void> accept_all() {
    const Connections& all = serving_.connections;
    while (acceptor_.is_open()) {
      error_code error;
      tcp::socket socket = co_await acceptor_.async_accept(into(error));
      if (error && is_out_of_files(error)) {
        net::steady_timer pause(serving_.io, out_of_files_pause);
        co_await pause.async_wait(into(error));
        continue;
      }
      if (error) continue;  // the client has left already, or the server is to stop
      const bool is_one_too_many = all.size() >= most_connections_;
      if (all.size() >= most_connections_ + most_refused) continue;
      keep_from_children(socket.native_handle());
      std::ignore = socket.set_option(tcp::no_delay(true), error);
      auto connection = std::make_shared<Connection>(serving_.connections, std::move(socket));
      if (is_one_too_many) {
        net::co_spawn(serving_.io, turn_away(serving_, connection), net::detached);
      } else {
        net::co_spawn(serving_.io, hold_session(serving_, connection), net::detached);
      }
    }
  }

  net::awaitable<void> look_at_deadlines() {
    const HttpLimits& limits = serving_.limits;
    const milliseconds shortest =
        std::min({limits.idle, limits.head, limits.write, limits.stop}) / 4;
    const milliseconds usual = std::clamp(shortest, milliseconds(1), longest_look);
    while (true) {
      error_code ignored;
      look_.expires_after(serving_.is_stopping ? std::min(usual, milliseconds(10)) : usual);
      co_await look_.async_wait(into(ignored));
      const Instant now = steady_clock::now();
      if (serving_.is_stopping && (serving_.connections.empty() || now > stop_deadline_)) break;
      serving_.date = http_date(std::time(nullptr));
      for (Connection* connection : serving_.connections) {
        if (connection->deadline < now) connection->close();
      }
    }
    serving_.io.stop();
  }

  net::awaitable<void> await_stop(int stop_fd, std::function<bool()> is_to_stop) {
    net::posix::stream_descriptor watched(serving_.io, ::fcntl(stop_fd, F_DUPFD_CLOEXEC, 0));
    error_code error;
    do {
      co_await watched.async_wait(net::posix::stream_descriptor::wait_read, into(error));
    } while (!error && !is_to_stop());
    serving_.is_stopping = true;
    stop_deadline_ = steady_clock::now() + serving_.limits.stop;
    error_code ignored;
    std::ignore = acceptor_.close(ignored);
    for (Connection* connection : serving_.connections) {
      if (connection->is_idle) connection->close();
    }
    // A queue that is closed may end its connection at once.
    std::vector<std::shared_ptr<EventQueue>> streams;
    for (Connection* connection : serving_.connections) {
      if (connection->events) streams.push_back(connection->events);
    }
    for (const auto& events : streams) events->close();
    look_.cancel();
  }

  Serving serving_;
  std::size_t most_connections_;
  tcp::acceptor acceptor_;
  net::steady_timer look_;
  Instant stop_deadline_ = never;
};

HttpServer::HttpServer(const std::string& address, std::uint16_t port, HttpLimits limits)
    : impl_(std::make_unique<Impl>(address, port, limits)) {}
HttpServer::~HttpServer() = default;

std::uint16_t HttpServer::port() const { return impl_->port(); }

void HttpServer::run(HttpHandler handler, int stop_fd, std::function<bool()> is_to_stop) {
  impl_->run(std::move(handler), stop_fd, std::move(is_to_stop));
}

void HttpServer::post(std::function<void()> action) { impl_->post(std::move(action)); }

}  // namespace wattfor
