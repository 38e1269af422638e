#include "base/base64.h"

#include <sodium.h>

namespace wattfor {

std::string base64_of(std::string_view bytes) {
  constexpr int alphabet = sodium_base64_VARIANT_ORIGINAL;
  std::string text(sodium_base64_encoded_len(bytes.size(), alphabet), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                    bytes.size(), alphabet);
  text.pop_back();  // sodium writes an end, too
  return text;
}

}  // namespace wattfor
