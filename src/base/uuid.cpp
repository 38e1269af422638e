#include "base/uuid.h"

#include <fmt/format.h>
#include <sys/random.h>

#include <array>
#include <cerrno>
#include <cstdint>

#include "base/error.h"

namespace wattfor {

std::string random_uuid() {
  std::array<std::uint8_t, 16> bytes{};
  // So few bytes come whole or, interrupted before the kernel's pool is filled at boot, not at all.
  while (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    if (errno != EINTR) throw error_from_errno(errno, "cannot read random bytes from the kernel");
  }
  // RFC 4122, section 4.4: the version is 4, the variant binary 10.
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80);

  std::string uuid;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) uuid += '-';
    fmt::format_to(std::back_inserter(uuid), "{:02x}", bytes[i]);
  }
  return uuid;
}

}  // namespace wattfor
