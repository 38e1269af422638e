#pragma once

#include <functional>
#include <string_view>

namespace wattfor {

enum class LogLevel { info, warning };

using LogSink = std::function<void(LogLevel, std::string_view)>;

// Libraries never print; they hand a line to the sink. Without one the line is dropped.
// Both may be called from any thread.
void set_log_sink(LogSink sink);
void log(LogLevel level, std::string_view line);

}  // namespace wattfor
