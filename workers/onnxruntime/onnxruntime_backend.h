#pragma once

#include <memory>

#include "bench/worker_server.h"

namespace wattfor {

// ONNX Runtime on the CPU, CUDA and TensorRT, its library opened when a model is loaded.
// docs/worker-protocol.md lists the load options.
std::unique_ptr<Backend> make_onnxruntime_backend();

}  // namespace wattfor
