#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "sensor/discovery.h"
#include "server/http_server.h"

namespace wattfor {

struct ServeSettings {
  std::filesystem::path store;  // need not be there yet
  std::uint16_t port = 8300;    // 0: any that is free
  // Where the server is reached from elsewhere; the loopback interface alone where absent.
  std::optional<std::string> listen_address = std::nullopt;
  DiscoveryRoots roots = {};
  HttpLimits limits = {};
};

// The explorer and its answers, served: the transport, what it says, and the threads that look at
// the store and at the sensors.
class ExplorerServer {
 public:
  // Reads the store and listens. Throws what HttpServer's constructor throws; a store that can't be
  // read is said by the answers.
  explicit ExplorerServer(const ServeSettings& settings);
  ExplorerServer(const ExplorerServer&) = delete;
  ExplorerServer& operator=(const ExplorerServer&) = delete;
  ~ExplorerServer();

  // Where a browser finds it: "http://127.0.0.1:8300/", with the token where there is one.
  std::string address() const;
  std::uint16_t port() const;
  const std::optional<std::string>& token() const;
  // What is wrong with the store; empty where nothing is.
  std::string problem() const;

  // As HttpServer::run().
  void run(int stop_fd, std::function<bool()> is_to_stop);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wattfor
