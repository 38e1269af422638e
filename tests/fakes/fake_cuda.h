#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace wattfor::test {

// What the library that imitates CUDA's driver shows and has been asked. Its kernels run at once:
// a launch notes what it was given, a synchronisation checks that the flag was raised.
struct FakeCuda {
  struct Launch {
    unsigned blocks = 0;
    unsigned busy = 0;  // multiprocessors
    unsigned threads = 0;
    std::uint64_t longest_ns = 0;
  };

  std::vector<std::array<unsigned char, 16>> uuids;
  int multiprocessors = 132;
  std::string failing;  // the function that answers an error; empty for none
  std::string image;    // of the module that was loaded
  std::vector<Launch> launches;
  std::uint32_t* flag = nullptr;  // of the kernel that runs
  bool running = false;
  int ended_without_flag = 0;  // synchronisations with a kernel that would not end
  int open = 0;                // contexts, modules, streams and memory that were not given back
};

}  // namespace wattfor::test
