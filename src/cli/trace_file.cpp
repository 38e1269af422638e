#include "cli/trace_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

#include "base/error.h"

namespace wattfor::cli {

TraceFile::TraceFile(const std::string& path, Instant start)
    : path_(path), start_(start), file_(std::fopen(path.c_str(), "we")) {
  if (!file_) {
    throw Error(ErrorCode::io,
                fmt::format("cannot write the trace to {}: {}", path, std::strerror(errno)));
  }
  fmt::print(file_.get(), "time_s,sensor,energy_j,power_w,failure\n");
}

void TraceFile::write(const Sample& sample) {
  const double time = std::chrono::duration<double>(sample.time - start_).count();
  const std::string& id = sample.sensor->id;
  if (const auto* energy = std::get_if<Joules>(&sample.reading)) {
    fmt::print(file_.get(), "{:.6f},{},{},,\n", time, id, energy->value());
  } else if (const auto* power = std::get_if<Watts>(&sample.reading)) {
    fmt::print(file_.get(), "{:.6f},{},,{},\n", time, id, power->value());
  } else {
    std::string reason = std::get<ReadFailure>(sample.reading).reason;
    for (char& c : reason) {
      if (c == '"' || c == '\n') c = '\'';
    }
    fmt::print(file_.get(), "{:.6f},{},,,\"{}\"\n", time, id, reason);
  }
}

void TraceFile::close() {
  const bool failed = std::ferror(file_.get()) != 0;
  if (std::fclose(file_.release()) != 0 || failed) {
    throw Error(ErrorCode::io,
                fmt::format("the trace {} is incomplete: {}", path_, std::strerror(errno)));
  }
}

}  // namespace wattfor::cli
