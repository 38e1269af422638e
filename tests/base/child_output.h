#pragma once

#include <poll.h>
#include <unistd.h>

#include <array>
#include <string>

#include "base/unique_fd.h"

namespace wattfor::test {

// All that comes through a pipe until nobody holds its other end; `until` stops it earlier, after
// that character.
inline std::string read_pipe(const UniqueFd& fd, char until = '\0') {
  std::string text;
  for (;;) {
    pollfd readable{.fd = fd.get(), .events = POLLIN, .revents = 0};
    ::poll(&readable, 1, -1);
    std::array<char, 4096> piece{};
    const ssize_t count = ::read(fd.get(), piece.data(), piece.size());
    if (count == 0) return text;
    if (count > 0) text.append(piece.data(), static_cast<std::size_t>(count));
    if (until != '\0' && text.ends_with(until)) return text;
  }
}

}  // namespace wattfor::test
