#include "base/sha256.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <vector>

#include "base/error.h"
#include "base/unique_fd.h"

namespace wattfor {
namespace {

constexpr std::size_t piece_bytes = 1 << 18;

using Digest = std::array<unsigned char, crypto_hash_sha256_BYTES>;

std::string hex_of(const Digest& digest) {
  std::array<char, 2 * crypto_hash_sha256_BYTES + 1> hex{};
  return sodium_bin2hex(hex.data(), hex.size(), digest.data(), digest.size());
}

}  // namespace

std::string sha256_of_file(const std::filesystem::path& path) {
  const auto failed = [&path](int error_number) {
    return error_from_errno(error_number, fmt::format("cannot read '{}'", path.string()));
  };
  // Without O_NONBLOCK, opening a named pipe waits for its writer.
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file) throw failed(errno);
  struct stat facts{};
  if (::fstat(file.get(), &facts) != 0) throw failed(errno);
  if (S_ISDIR(facts.st_mode)) throw failed(EISDIR);
  if (!S_ISREG(facts.st_mode)) {
    throw Error(ErrorCode::invalid_input,
                fmt::format("cannot read '{}': expected a regular file", path.string()));
  }

  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  std::vector<unsigned char> piece(piece_bytes);
  for (;;) {
    const ssize_t count = ::read(file.get(), piece.data(), piece.size());
    if (count == 0) break;
    if (count > 0) {
      crypto_hash_sha256_update(&state, piece.data(), static_cast<unsigned long long>(count));
    } else if (errno != EINTR) {
      throw failed(errno);
    }
  }
  Digest digest{};
  crypto_hash_sha256_final(&state, digest.data());
  return hex_of(digest);
}

std::string sha256_of(std::string_view bytes) {
  Digest digest{};
  crypto_hash_sha256(digest.data(), reinterpret_cast<const unsigned char*>(bytes.data()),
                     bytes.size());
  return hex_of(digest);
}

}  // namespace wattfor
