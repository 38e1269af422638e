#include "server/http_server.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <cerrno>
#include <ctime>
#include <map>
#include <optional>
#include <tuple>
#include <unordered_set>
#include <utility>
#include <variant>

#include "base/clock.h"
#include "base/error.h"
#include "server/answers.h"
#include "server/response.h"

// The only source with sockets, and the only one with Asio and Beast, which take long to compile.
namespace wattfor {
namespace {

namespace net = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;
using net::ip::tcp;
using std::chrono::milliseconds;
using std::chrono::steady_clock;
using RequestParser = http::request_parser<http::empty_body>;

constexpr std::size_t read_bytes = 4096;
constexpr milliseconds longest_look{500};  // between looks at deadlines
constexpr milliseconds out_of_files_pause{100};
constexpr milliseconds farewell{1'000};         // for a client to read why it is left
constexpr std::size_t farewell_bytes = 65'536;  // that it may go on sending meanwhile
constexpr std::size_t most_refused = 128;       // connections that are told that there are too many
constexpr std::size_t files_beside = 128;       // that are open for other things than connections
constexpr Instant never = Instant::max();

auto into(error_code& error) { return net::redirect_error(net::use_awaitable, error); }

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

}  // namespace

class HttpServer::Impl {
 public:
  Impl(const std::string& address, std::uint16_t port, HttpLimits limits)
      : limits_(limits),
        most_connections_(affordable_connections(limits.most_connections)),
        acceptor_(io_),
        look_(io_) {
    listen(address, port);
  }

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

  void post(std::function<void()> action) { net::post(io_, std::move(action)); }

  void run(HttpHandler handler, int stop_fd, std::function<bool()> is_to_stop) {
    handler_ = std::move(handler);
    date_ = http_date(std::time(nullptr));
    net::co_spawn(io_, accept_all(), net::detached);
    net::co_spawn(io_, look_at_deadlines(), net::detached);
    net::co_spawn(io_, await_stop(stop_fd, std::move(is_to_stop)), net::detached);
    io_.run();
  }

 private:
  struct Connection {
    Connection(Impl& of, tcp::socket on) : server(of), socket(std::move(on)) {
      server.connections_.insert(this);
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() { server.connections_.erase(this); }

    void close() {
      error_code ignored;
      std::ignore = socket.close(ignored);
    }

    Impl& server;
    tcp::socket socket;
    std::string received;  // and not read yet
    Instant deadline = never;
    bool is_idle = false;  // no request has begun
    std::shared_ptr<EventQueue> events;
  };
  using Held = std::shared_ptr<Connection>;

  // A job that is under way, and who waits for it.
  struct Pending {
    explicit Pending(net::io_context& io) : is_ready(io, never) {}
    net::steady_timer is_ready;  // cancelled, once it is
    SharedAnswer answer;
  };

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
    while (acceptor_.is_open()) {
      error_code error;
      tcp::socket socket = co_await acceptor_.async_accept(into(error));
      if (error && is_out_of_files(error)) {
        net::steady_timer pause(io_, out_of_files_pause);
        co_await pause.async_wait(into(error));
        continue;
      }
      if (error) continue;  // the client has left already, or the server is to stop
      const bool is_one_too_many = connections_.size() >= most_connections_;
      if (connections_.size() >= most_connections_ + most_refused) continue;
      keep_from_children(socket.native_handle());
      std::ignore = socket.set_option(tcp::no_delay(true), error);
      auto connection = std::make_shared<Connection>(*this, std::move(socket));
      if (is_one_too_many) {
        net::co_spawn(io_, turn_away(connection), net::detached);
      } else {
        net::co_spawn(io_, serve(connection), net::detached);
      }
    }
  }

  net::awaitable<void> turn_away(Held connection) {
    const SharedAnswer answer = refusal_answer(503, "there are too many connections");
    const HttpRequest unread;
    const bool is_sent = co_await send(*connection, unread, *answer, AfterAnswer::close);
    if (is_sent) co_await part_from(*connection);
  }

  net::awaitable<void> serve(Held connection) {
    bool goes_on = true;  // g++ 12 loses its way where a loop's condition itself waits
    while (goes_on) goes_on = co_await answer_next(connection);
  }

  // Whether the connection goes on.
  net::awaitable<bool> answer_next(const Held& connection) {
    RequestParser parser;
    parser.header_limit(static_cast<std::uint32_t>(limits_.head_bytes));
    error_code error;
    const bool is_read = co_await read_head(*connection, parser, error);
    if (!is_read) co_return false;
    HttpRequest request;
    AfterAnswer after = AfterAnswer::close;
    HttpReply reply;
    if (error) {
      const auto [status, message] = refusal_of(error);
      reply = refusal_answer(status, message);
    } else {
      request = request_of(parser.get());
      // Whatever its coding, what follows a Transfer-Encoding is no request (RFC 9112,
      // section 6.3).
      const bool has_body = parser.get().count(http::field::transfer_encoding) > 0 ||
                            parser.content_length().value_or(0) > 0;
      if (!has_body && parser.keep_alive() && !is_stopping_) {
        after = parser.get().version() < 11 ? AfterAnswer::keep_old : AfterAnswer::keep;
      }
      reply = reply_to(request, has_body);
    }
    if (const auto* events = std::get_if<std::shared_ptr<EventQueue>>(&reply)) {
      co_await stream(connection, *events);
      co_return false;
    }
    SharedAnswer answer;
    if (auto* job = std::get_if<HttpJob>(&reply)) {
      connection->deadline = never;
      answer = co_await result_of(std::move(*job));
    } else {
      answer = std::get<SharedAnswer>(reply);
    }
    const bool is_sent = co_await send(*connection, request, *answer, after);
    if (!is_sent) co_return false;
    if (after == AfterAnswer::close) co_await part_from(*connection);
    co_return after != AfterAnswer::close && !is_stopping_;
  }

  HttpReply reply_to(const HttpRequest& request, bool has_body) {
    if (request.method == HttpMethod::other) {
      return refusal_answer(405, "everything here is to be read: expected GET or HEAD");
    }
    if (has_body) return refusal_answer(413, "expected a request without a body");
    try {
      return handler_(request);
    } catch (const std::exception& failure) {
      return refusal_answer(500, failure.what());
    }
  }

  // False where the client has gone, or took too long. `error` is what is wrong with the head.
  net::awaitable<bool> read_head(Connection& connection, RequestParser& parser, error_code& error) {
    std::string& received = connection.received;
    connection.is_idle = received.empty();
    connection.deadline = steady_clock::now() + (connection.is_idle ? limits_.idle : limits_.head);
    while (true) {
      if (!received.empty()) {
        error = {};
        const std::size_t used = parser.put(net::buffer(received), error);
        received.erase(0, used);
        if (parser.is_header_done() || (error && error != http::error::need_more)) co_return true;
      }
      const std::size_t before = received.size();
      received.resize(before + read_bytes);
      error_code failed;
      const std::size_t count = co_await connection.socket.async_read_some(
          net::buffer(received.data() + before, read_bytes), into(failed));
      received.resize(before + count);
      if (failed) co_return false;
      if (connection.is_idle) {
        connection.is_idle = false;
        connection.deadline = steady_clock::now() + limits_.head;
      }
    }
  }

  // Jobs of one key are done once; too many are not even begun.
  net::awaitable<SharedAnswer> result_of(HttpJob job) {
    auto& known = pending_[job.key];
    if (known == nullptr) {
      Work& work = lanes_.at(static_cast<std::size_t>(job.lane));
      if (work.waiting >= limits_.waiting_jobs) {
        pending_.erase(job.key);
        co_return refusal_answer(503, "there is too much to compute at the moment");
      }
      known = std::make_shared<Pending>(io_);
      ++work.waiting;
      net::post(work.thread, [this, &work, pending = known, job = std::move(job)]() mutable {
        SharedAnswer answer = job.work();
        net::post(io_, [this, &work, pending, job = std::move(job), answer = std::move(answer)] {
          --work.waiting;
          pending->answer = answer;
          pending_.erase(job.key);
          job.done(answer);
          pending->is_ready.cancel();
        });
      });
    }
    const std::shared_ptr<Pending> pending = known;
    while (pending->answer == nullptr) {
      error_code ignored;
      co_await pending->is_ready.async_wait(into(ignored));
    }
    co_return pending->answer;
  }

  net::awaitable<bool> send(Connection& connection, const HttpRequest& request,
                            const ServedAnswer& answer, AfterAnswer after) {
    const HttpResponse response = response_to(request, answer, after, date_);
    const bool is_written = co_await write(connection, response.head, response.body);
    co_return is_written;
  }

  net::awaitable<bool> write(Connection& connection, std::string_view head, std::string_view body) {
    while (!head.empty() || !body.empty()) {
      connection.deadline = steady_clock::now() + limits_.write;
      const std::array parts{net::buffer(head), net::buffer(body)};
      error_code error;
      const std::size_t count = co_await connection.socket.async_write_some(parts, into(error));
      if (error) co_return false;
      const std::size_t of_head = std::min(count, head.size());
      head.remove_prefix(of_head);
      body.remove_prefix(count - of_head);
    }
    co_return true;
  }

  // A socket that is closed with something unread in it takes the last answer away from its client.
  net::awaitable<void> part_from(Connection& connection) {
    error_code error;
    std::ignore = connection.socket.shutdown(tcp::socket::shutdown_send, error);
    connection.deadline = steady_clock::now() + farewell;
    std::array<char, read_bytes> unread{};
    for (std::size_t count = 0; !error && count < farewell_bytes;) {
      const std::size_t more =
          co_await connection.socket.async_read_some(net::buffer(unread), into(error));
      count += more;
    }
  }

  net::awaitable<void> stream(Held connection, std::shared_ptr<EventQueue> events) {
    net::steady_timer silence(io_);
    struct Waking {
      EventQueue& queue;
      ~Waking() {
        queue.set_wake({});
        queue.close();
      }
    };
    const Waking ends_with_this{*events};
    events->set_wake([&silence] { silence.cancel(); });
    connection->events = events;
    net::co_spawn(io_, await_end(connection), net::detached);
    const std::string head = event_stream_head(date_);
    bool is_open = co_await write(*connection, head, {});
    while (is_open && !events->is_closed()) {
      connection->deadline = never;
      std::string text = events->take();
      if (text.empty()) {
        error_code woken;
        silence.expires_after(limits_.event_comment);
        co_await silence.async_wait(into(woken));
        if (woken) continue;
        text = ":\n\n";
      }
      is_open = co_await write(*connection, text, {});
    }
    connection->close();
  }

  // What a reader of events says is passed over until it ends.
  net::awaitable<void> await_end(Held connection) {
    std::array<char, 256> unread{};
    error_code error;
    while (!error) {
      co_await connection->socket.async_read_some(net::buffer(unread), into(error));
    }
    connection->events->close();
  }

  net::awaitable<void> look_at_deadlines() {
    const milliseconds shortest =
        std::min({limits_.idle, limits_.head, limits_.write, limits_.stop}) / 4;
    const milliseconds usual = std::clamp(shortest, milliseconds(1), longest_look);
    while (true) {
      error_code ignored;
      look_.expires_after(is_stopping_ ? std::min(usual, milliseconds(10)) : usual);
      co_await look_.async_wait(into(ignored));
      const Instant now = steady_clock::now();
      if (is_stopping_ && (connections_.empty() || now > stop_deadline_)) break;
      date_ = http_date(std::time(nullptr));
      for (Connection* connection : connections_) {
        if (connection->deadline < now) connection->close();
      }
    }
    io_.stop();
  }

  net::awaitable<void> await_stop(int stop_fd, std::function<bool()> is_to_stop) {
    net::posix::stream_descriptor watched(io_, ::fcntl(stop_fd, F_DUPFD_CLOEXEC, 0));
    error_code error;
    do {
      co_await watched.async_wait(net::posix::stream_descriptor::wait_read, into(error));
    } while (!error && !is_to_stop());
    is_stopping_ = true;
    stop_deadline_ = steady_clock::now() + limits_.stop;
    error_code ignored;
    std::ignore = acceptor_.close(ignored);
    for (Connection* connection : connections_) {
      if (connection->is_idle) connection->close();
    }
    // A queue that is closed may end its connection at once.
    std::vector<std::shared_ptr<EventQueue>> streams;
    for (Connection* connection : connections_) {
      if (connection->events) streams.push_back(connection->events);
    }
    for (const auto& events : streams) events->close();
    look_.cancel();
  }

  struct Work {
    net::thread_pool thread{1};
    std::size_t waiting = 0;
  };

  HttpLimits limits_;
  std::size_t most_connections_;
  // Outlives io_, whose end is that of the connections which are left.
  std::unordered_set<Connection*> connections_;
  net::io_context io_{1};
  std::map<std::string, std::shared_ptr<Pending>> pending_;  // by the job's key
  tcp::acceptor acceptor_;
  net::steady_timer look_;
  HttpHandler handler_;
  std::string date_;
  bool is_stopping_ = false;
  Instant stop_deadline_ = never;
  std::array<Work, 2> lanes_;  // by Lane; their threads end first
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
