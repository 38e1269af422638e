#include <string>
#include <string_view>

#include "base/log.h"
#include "c_api/guarded.h"
#include "wattfor/wattfor.h"

const char* wattfor_version(void) { return WATTFOR_VERSION; }

void wattfor_set_log(wattfor_log log, void* context) {
  wattfor::c_api::guarded([&] {
    if (log == nullptr) return wattfor::set_log_sink({});
    wattfor::set_log_sink([log, context](wattfor::LogLevel level, std::string_view line) {
      const std::string text(line);
      log(context, level == wattfor::LogLevel::warning ? WATTFOR_LOG_WARNING : WATTFOR_LOG_INFO,
          text.c_str());
    });
  });
}
