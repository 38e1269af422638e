#pragma once

#include "server/connection.h"

namespace wattfor::transport {

struct Serving;

// Answers request after request, until either side ends it.
net::awaitable<void> hold_session(Serving& serving, Held connection);

// Says that there is no room for it.
net::awaitable<void> turn_away(Serving& serving, Held connection);

}  // namespace wattfor::transport
