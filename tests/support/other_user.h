#pragma once

#include <unistd.h>

namespace wattfor::test {

// Root may read everything; a test about permissions takes another user's eyes for a while.
class OtherUser {
 public:
  OtherUser() { changed_ = geteuid() != 0 || seteuid(65534) == 0; }
  OtherUser(const OtherUser&) = delete;
  OtherUser& operator=(const OtherUser&) = delete;
  ~OtherUser() {
    if (geteuid() != getuid()) static_cast<void>(seteuid(getuid()));
  }
  bool changed() const { return changed_; }

 private:
  bool changed_ = false;
};

}  // namespace wattfor::test
