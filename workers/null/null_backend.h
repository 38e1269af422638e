#pragma once

#include <memory>

#include "bench/worker_server.h"

namespace wattfor {

// A runtime that computes nothing: a batch of any size spins for the load option `batch_seconds`
// (0.001 unless given). What a measurement of it takes beyond that is wattfor's own overhead.
std::unique_ptr<Backend> make_null_backend();

}  // namespace wattfor
