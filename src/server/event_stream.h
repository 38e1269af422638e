#pragma once

#include <memory>

#include "server/connection.h"
#include "server/event_queue.h"

namespace wattfor::transport {

struct Serving;

// Sends what comes into the queue as it comes, until either side ends it.
net::awaitable<void> stream_events(Serving& serving, Held connection,
                                   std::shared_ptr<EventQueue> events);

}  // namespace wattfor::transport
