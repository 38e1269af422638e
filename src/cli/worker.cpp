#include "bench/worker_server.h"
#include "cli/verbs.h"
#include "workers/null/null_backend.h"
#include "workers/onnxruntime/onnxruntime_backend.h"

namespace wattfor::cli {

int run_verb(const WorkerOptions& options) {
  const auto backend = options.runtime == "null" ? make_null_backend() : make_onnxruntime_backend();
  return run_worker(*backend);
}

}  // namespace wattfor::cli
