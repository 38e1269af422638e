#include "server/connection.h"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <cstddef>
#include <tuple>
#include <utility>

namespace wattfor::transport {
namespace {

constexpr std::size_t read_bytes = 4096;
constexpr milliseconds farewell{1'000};         // for a client to read why it is left
constexpr std::size_t farewell_bytes = 65'536;  // that it may go on sending meanwhile

}  // namespace

Connection::Connection(Connections& all, tcp::socket socket)
    : all_(all), socket_(std::move(socket)) {
  all_.insert(this);
}

Connection::~Connection() { all_.erase(this); }

void Connection::close() {
  error_code ignored;
  std::ignore = socket_.close(ignored);
}

net::awaitable<bool> Connection::receive() {
  const std::size_t before = received.size();
  received.resize(before + read_bytes);
  error_code error;
  const std::size_t count = co_await socket_.async_read_some(
      net::buffer(received.data() + before, read_bytes), into(error));
  received.resize(before + count);
  co_return !error;
}

net::awaitable<bool> Connection::send(std::string_view head, std::string_view body,
                                      milliseconds patience) {
  while (!head.empty() || !body.empty()) {
    deadline = steady_clock::now() + patience;
    const std::array parts{net::buffer(head), net::buffer(body)};
    error_code error;
    const std::size_t count = co_await socket_.async_write_some(parts, into(error));
    if (error) co_return false;
    const std::size_t of_head = std::min(count, head.size());
    head.remove_prefix(of_head);
    body.remove_prefix(count - of_head);
  }
  co_return true;
}

// A socket that is closed with something unread in it takes the last answer away from its client.
net::awaitable<void> Connection::part() {
  error_code error;
  std::ignore = socket_.shutdown(tcp::socket::shutdown_send, error);
  deadline = steady_clock::now() + farewell;
  std::array<char, read_bytes> unread{};
  for (std::size_t count = 0; !error && count < farewell_bytes;) {
    const std::size_t more = co_await socket_.async_read_some(net::buffer(unread), into(error));
    count += more;
  }
}

net::awaitable<void> Connection::await_end() {
  std::array<char, 256> unread{};
  error_code error;
  while (!error) {
    co_await socket_.async_read_some(net::buffer(unread), into(error));
  }
}

}  // namespace wattfor::transport
