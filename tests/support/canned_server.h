#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/unique_fd.h"

namespace wattfor::test {

// A web server on the loopback that gives each of its answers once, to one connection after
// another, and keeps what it was asked. An empty answer is none: the connection stays open until
// the server ends.
class CannedServer {
 public:
  explicit CannedServer(std::vector<std::string> answers) : answers_(std::move(answers)) {
    listener_ = UniqueFd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in here{};
    here.sin_family = AF_INET;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof here;
    auto* const address = reinterpret_cast<sockaddr*>(&here);
    if (!listener_ || ::bind(listener_.get(), address, length) != 0 ||
        ::listen(listener_.get(), 4) != 0 ||
        ::getsockname(listener_.get(), address, &length) != 0) {
      throw std::runtime_error("no socket on the loopback");
    }
    port_ = ntohs(here.sin_port);
    thread_ = std::thread([this] { run(); });
  }
  CannedServer(const CannedServer&) = delete;
  CannedServer& operator=(const CannedServer&) = delete;
  ~CannedServer() { end(); }

  std::string address() const { return "http://127.0.0.1:" + std::to_string(port_); }
  // Ends the server, after which nobody listens at its address; what it was asked.
  const std::vector<std::string>& end() {
    if (thread_.joinable()) {
      ::shutdown(listener_.get(), SHUT_RDWR);  // wakes accept()
      thread_.join();
      listener_.reset();
    }
    return requests_;
  }

 private:
  void run() {
    std::vector<UniqueFd> silent;
    for (const std::string& answer : answers_) {
      UniqueFd connection(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (!connection) return;
      requests_.push_back(request_on(connection));
      if (answer.empty()) {
        silent.push_back(std::move(connection));
        continue;
      }
      std::size_t sent = 0;
      while (sent < answer.size()) {
        const ssize_t count =
            ::send(connection.get(), answer.data() + sent, answer.size() - sent, MSG_NOSIGNAL);
        if (count <= 0) break;
        sent += static_cast<std::size_t>(count);
      }
    }
    // Until end() shuts the listener down.
    const UniqueFd last(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  }

  static std::string request_on(const UniqueFd& connection) {
    std::string request;
    std::array<char, 1024> piece{};
    while (request.find("\r\n\r\n") == std::string::npos) {
      const ssize_t count = ::recv(connection.get(), piece.data(), piece.size(), 0);
      if (count <= 0) break;
      request.append(piece.data(), static_cast<std::size_t>(count));
    }
    return request;
  }

  std::vector<std::string> answers_;
  std::vector<std::string> requests_;
  UniqueFd listener_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

// An answer as a server writes it, after which the connection ends.
inline std::string http_answer(int status, const std::string& body,
                               const std::string& headers = "") {
  return "HTTP/1.1 " + std::to_string(status) +
         " x\r\nContent-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n" +
         headers + "\r\n" + body;
}

}  // namespace wattfor::test
