#include "base/secret.h"

#include <sodium.h>

#include <array>
#include <cstdint>

#include "base/error.h"

namespace wattfor {

std::string random_secret() {
  if (sodium_init() < 0)
    throw Error(ErrorCode::unsupported, "cannot make a secret: the kernel gives no random bytes");
  std::array<std::uint8_t, 32> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  std::string hex(bytes.size() * 2 + 1, '\0');  // sodium writes an end, too
  sodium_bin2hex(hex.data(), hex.size(), bytes.data(), bytes.size());
  hex.pop_back();
  return hex;
}

bool is_same_secret(std::string_view one, std::string_view other) {
  return one.size() == other.size() && sodium_memcmp(one.data(), other.data(), one.size()) == 0;
}

}  // namespace wattfor
