#include "base/uuid.h"

#include <fmt/format.h>
#include <sodium.h>

#include <array>
#include <cstdint>
#include <iterator>

#include "base/error.h"

namespace wattfor {

std::string random_uuid() {
  std::array<std::uint8_t, 16> bytes{};
  if (sodium_init() < 0)
    throw Error(ErrorCode::unsupported, "cannot make a UUID: the kernel gives no random bytes");
  randombytes_buf(bytes.data(), bytes.size());
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
