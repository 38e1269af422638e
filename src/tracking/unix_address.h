#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>
#include <filesystem>

#include "base/error.h"

namespace wattfor {

// A Unix socket's address. Throws Error{usage} for a path that is too long for one (107 bytes).
class UnixAddress {
 public:
  explicit UnixAddress(const std::filesystem::path& path) {
    const std::string& text = path.native();
    if (text.empty() || text.size() >= sizeof(address_.sun_path)) {
      throw Error(ErrorCode::usage, "'" + text + "' can't be a socket's path: it has at most " +
                                        std::to_string(sizeof(address_.sun_path) - 1) + " bytes");
    }
    std::memcpy(address_.sun_path, text.data(), text.size());
  }

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address_); }
  socklen_t size() const { return sizeof(address_); }

 private:
  sockaddr_un address_{.sun_family = AF_UNIX, .sun_path = {}};
};

}  // namespace wattfor
