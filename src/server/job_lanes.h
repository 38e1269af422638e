#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstddef>
#include <map>
#include <memory>
#include <string>

#include "server/connection.h"
#include "server/http_types.h"

namespace wattfor::transport {

// Threads that compute answers, one for each Lane. Jobs of one key are done once, and too many are
// not even begun. Belongs to the thread of `io`, which must outlive it.
class JobLanes {
 public:
  JobLanes(net::io_context& io, std::size_t most_waiting) : io_(io), most_waiting_(most_waiting) {}

  net::awaitable<SharedAnswer> result_of(HttpJob job);

 private:
  // A job that is under way, and who waits for it.
  struct Pending;
  struct Worker {
    net::thread_pool thread{1};
    std::size_t waiting = 0;
  };

  net::io_context& io_;
  std::size_t most_waiting_;
  std::map<std::string, std::shared_ptr<Pending>> pending_;  // by the job's key
  std::array<Worker, lanes> workers_;                        // their threads end first
};

}  // namespace wattfor::transport
