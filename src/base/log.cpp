#include "base/log.h"

#include <mutex>
#include <utility>

namespace wattfor {
namespace {

std::mutex& sink_mutex() {
  static std::mutex mutex;
  return mutex;
}

// Never destroyed: a sampling thread may log while the process ends.
LogSink& current_sink() {
  static LogSink& sink = *new LogSink;
  return sink;
}

}  // namespace

void set_log_sink(LogSink sink) {
  const std::lock_guard lock(sink_mutex());
  current_sink() = std::move(sink);
}

void log(LogLevel level, std::string_view line) {
  const std::lock_guard lock(sink_mutex());
  if (current_sink()) current_sink()(level, line);
}

}  // namespace wattfor
