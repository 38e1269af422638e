#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "server/http_types.h"

namespace wattfor {

// What a server allows its clients. Times are at least so long, up to a quarter more.
struct HttpLimits {
  std::size_t most_connections = 4096;  // fewer where the process may not open so many files
  std::size_t head_bytes = 16'384;
  std::size_t waiting_jobs = 64;                    // of each lane
  std::chrono::milliseconds idle{60'000};           // between requests
  std::chrono::milliseconds head{10'000};           // from a request's first byte to its head's end
  std::chrono::milliseconds write{30'000};          // without a byte taken
  std::chrono::milliseconds event_comment{15'000};  // a comment line goes to a silent stream
  std::chrono::milliseconds stop{2'000};            // for answers under way, once it is to stop
};

// HTTP/1.1 over TCP: one thread, which run() is called on, for all connections; a thread for each
// lane of jobs. GET and HEAD only, keep-alive, no bodies.
class HttpServer {
 public:
  // Listens from now on; run() answers. An address with a port of 0 takes any that is free. Throws
  // Error{usage} where the address is none or the port is taken, naming the remedy.
  HttpServer(const std::string& address, std::uint16_t port, HttpLimits limits = {});
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  ~HttpServer();

  std::uint16_t port() const;

  // Answers until `stop_fd` is readable and `is_to_stop` then says so; lets answers under way end.
  void run(HttpHandler handler, int stop_fd, std::function<bool()> is_to_stop);

  // Has `action` done on the thread of run(). May be called from any thread, and before run().
  void post(std::function<void()> action);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wattfor
