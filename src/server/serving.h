#pragma once

#include <boost/asio/io_context.hpp>
#include <string>

#include "server/connection.h"
#include "server/http_server.h"
#include "server/http_types.h"
#include "server/job_lanes.h"

namespace wattfor::transport {

// What the sessions of a server share.
struct Serving {
  HttpLimits limits;
  Connections connections = {};  // outlives io, whose end is that of those which are left
  net::io_context io{1};
  HttpHandler handler = {};
  std::string date = {};     // that answers bear
  bool is_stopping = false;  // answers under way are the last
  JobLanes jobs{io, limits.waiting_jobs};
};

}  // namespace wattfor::transport
