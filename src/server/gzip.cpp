#include "server/gzip.h"

#include <zlib.h>

#include "base/error.h"

namespace wattfor {

std::string gzipped(std::string_view bytes) {
  constexpr int level = 6;
  constexpr int window_bits = 15 + 16;  // gzip's frame instead of zlib's (zlib.h, deflateInit2)
  constexpr int memory_level = 8;
  z_stream stream{};
  if (deflateInit2(&stream, level, Z_DEFLATED, window_bits, memory_level, Z_DEFAULT_STRATEGY) !=
      Z_OK) {
    throw Error(ErrorCode::io, "no memory to compress an answer in");
  }
  std::string result(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
  // zlib reads through a pointer to what it could change, and does not.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(result.data());
  stream.avail_out = static_cast<uInt>(result.size());
  const int status = deflate(&stream, Z_FINISH);
  const std::size_t size = stream.total_out;
  deflateEnd(&stream);
  if (status != Z_STREAM_END) throw Error(ErrorCode::io, "compressing an answer failed");
  if (size >= bytes.size()) return {};
  result.resize(size);
  result.shrink_to_fit();
  return result;
}

}  // namespace wattfor
