// How many requests a second a server answers, and how long each takes, over connections that are
// kept and ask for the next answer once they have one.
//
// server_load PORT TARGET CONNECTIONS SECONDS prints {"requests", "per_second", "median_ms",
// "p99_ms", "greatest_ms"}.

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/unique_fd.h"

namespace {

using Clock = std::chrono::steady_clock;

class Connection {
 public:
  Connection(std::uint16_t port, const std::string& request)
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), request_(request) {
    sockaddr_in there{};
    there.sin_family = AF_INET;
    there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    there.sin_port = htons(port);
    if (::connect(fd(), reinterpret_cast<sockaddr*>(&there), sizeof there) != 0) {
      throw std::runtime_error("no server answers");
    }
    const int one = 1;
    ::setsockopt(fd(), IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  }

  int fd() const { return socket_.get(); }

  void ask() {
    asked_ = Clock::now();
    if (::send(fd(), request_.data(), request_.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(request_.size())) {
      throw std::runtime_error("the server takes no more requests");
    }
  }

  // Reads what has come; whether the answer is whole.
  bool read() {
    std::array<char, 65536> bytes{};
    const ssize_t count = ::recv(fd(), bytes.data(), bytes.size(), 0);
    if (count <= 0) throw std::runtime_error("the server has closed a connection");
    received_.append(bytes.data(), static_cast<std::size_t>(count));
    const auto head_end = received_.find("\r\n\r\n");
    if (head_end == std::string::npos) return false;
    if (!received_.starts_with("HTTP/1.1 200 ")) throw std::runtime_error(received_);
    constexpr std::string_view name = "Content-Length: ";
    const auto length_at = received_.find(name);
    std::size_t length = 0;
    if (length_at != std::string::npos) {
      const char* from = received_.data() + length_at + name.size();
      std::from_chars(from, received_.data() + head_end, length);
    }
    if (received_.size() < head_end + 4 + length) return false;
    received_.clear();
    return true;
  }

  double milliseconds_since_asked() const {
    return std::chrono::duration<double, std::milli>(Clock::now() - asked_).count();
  }

 private:
  wattfor::UniqueFd socket_;
  const std::string& request_;
  std::string received_;
  Clock::time_point asked_;
};

int measure(std::uint16_t port, const std::string& target, int connections, double seconds) {
  const std::string request = fmt::format(
      "GET {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nAccept-Encoding: gzip\r\n\r\n", target, port);
  const wattfor::UniqueFd events(::epoll_create1(EPOLL_CLOEXEC));
  std::vector<Connection> all;
  all.reserve(static_cast<std::size_t>(connections));
  for (int i = 0; i < connections; ++i) {
    Connection& connection = all.emplace_back(port, request);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = &connection;
    ::epoll_ctl(events.get(), EPOLL_CTL_ADD, connection.fd(), &event);
  }
  for (Connection& connection : all) connection.ask();
  std::vector<double> milliseconds;
  const auto begin = Clock::now();
  const auto end =
      begin + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  while (Clock::now() < end) {
    std::array<epoll_event, 64> ready{};
    const int count = ::epoll_wait(events.get(), ready.data(), ready.size(), 1000);
    if (count == 0) throw std::runtime_error("the server is silent");
    for (int i = 0; i < count; ++i) {
      auto& connection = *static_cast<Connection*>(ready.at(static_cast<std::size_t>(i)).data.ptr);
      if (!connection.read()) continue;
      milliseconds.push_back(connection.milliseconds_since_asked());
      connection.ask();
    }
  }
  const double took = std::chrono::duration<double>(Clock::now() - begin).count();
  if (milliseconds.empty()) throw std::runtime_error("the server answered nothing");
  std::ranges::sort(milliseconds);
  const auto quantile = [&](double share) {
    return milliseconds[static_cast<std::size_t>(share *
                                                 static_cast<double>(milliseconds.size() - 1))];
  };
  fmt::print(
      "{{\"requests\": {}, \"per_second\": {}, \"median_ms\": {}, \"p99_ms\": {}, "
      "\"greatest_ms\": {}}}\n",
      milliseconds.size(), static_cast<double>(milliseconds.size()) / took, quantile(0.5),
      quantile(0.99), milliseconds.back());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    fmt::print(stderr, "server_load PORT TARGET CONNECTIONS SECONDS\n");
    return 2;
  }
  try {
    return measure(static_cast<std::uint16_t>(std::atoi(argv[1])), argv[2], std::atoi(argv[3]),
                   std::atof(argv[4]));
  } catch (const std::exception& failure) {
    fmt::print(stderr, "server_load: {}\n", failure.what());
    return 1;
  }
}
