#include "cli/trace_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

#include "base/csv.h"
#include "base/error.h"

namespace wattfor::cli {

TraceFile::TraceFile(const std::string& path, Instant start)
    : path_(path), start_(start), file_(std::fopen(path.c_str(), "we")) {
  if (!file_) throw error_from_errno(errno, fmt::format("cannot write the trace {}", path));
  put("time_s,sensor,energy_j,power_w,failure\n");
}

void TraceFile::write(const Sample& sample) {
  const double time = std::chrono::duration<double>(sample.time - start_).count();
  std::string values = ",,";
  if (const auto* energy = std::get_if<Joules>(&sample.reading)) {
    values = fmt::format("{},,", energy->value());
  } else if (const auto* power = std::get_if<Watts>(&sample.reading)) {
    values = fmt::format(",{},", power->value());
  } else {
    values += csv_field(std::get<ReadFailure>(sample.reading).reason);
  }
  put(fmt::format("{:.6f},{},{}\n", time, csv_field(sample.sensor->id), values));
}

// The stream keeps that it failed for close() to say: this is called while a command is measured.
void TraceFile::put(const std::string& line) {
  std::fwrite(line.data(), 1, line.size(), file_.get());
}

void TraceFile::close() {
  errno = 0;
  const bool failed = std::ferror(file_.get()) != 0;
  if (std::fclose(file_.release()) != 0 || failed) {
    throw Error(ErrorCode::io,
                fmt::format("the trace {} is incomplete: not every sample could be written{}; is "
                            "the disk full?",
                            path_, errno == 0 ? "" : fmt::format(" ({})", std::strerror(errno))));
  }
}

}  // namespace wattfor::cli
