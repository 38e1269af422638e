#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "base/clock.h"
#include "meter/meter.h"

namespace wattfor::cli {

// Every sample of a run as CSV: time_s (since `start`), sensor, energy_j, power_w, failure; of the
// last three exactly one is filled. A counter's energy_j is the raw reading.
class TraceFile {
 public:
  // Throws Error naming the file where it can't be made.
  TraceFile(const std::string& path, Instant start);

  // Never fails; close() tells.
  void write(const Sample& sample);
  // Throws Error where not everything reached the file (a full disk).
  void close();

 private:
  void put(const std::string& line);

  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  std::string path_;
  Instant start_;
  std::unique_ptr<std::FILE, Close> file_;
};

}  // namespace wattfor::cli
