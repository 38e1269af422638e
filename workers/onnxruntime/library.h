#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/shared_library.h"
#include "workers/onnxruntime/ort_api.h"

namespace wattfor::ort {

// Where libonnxruntime.so is looked for, in this order.
struct LibraryPlaces {
  std::optional<std::string> given;        // the load option `runtime_library`
  std::optional<std::string> environment;  // $WATTFOR_ONNXRUNTIME
  // Python's virtual environments, whose wheel `onnxruntime` holds the library.
  std::vector<std::filesystem::path> virtual_environments;
  std::vector<std::string> system_names{"libonnxruntime.so.1", "libonnxruntime.so"};
};

// This process's: $VIRTUAL_ENV, a `.venv` in the working folder, and one up to three folders above
// the program (build/release/wattfor in its repository).
LibraryPlaces usual_places(const std::optional<std::string>& given);

// ONNX Runtime, opened.
class Library {
 public:
  // What is named (`given`, `environment`) is opened or the call fails; the other places are tried
  // one after the other. Throws Error{unsupported} where there is none (and says how to get it),
  // where it is not ONNX Runtime, or one from before 1.5.
  explicit Library(const LibraryPlaces& places);

  const OrtApi& api() const { return *api_; }
  const std::string& path() const { return path_; }        // as it was opened
  const std::string& version() const { return version_; }  // e.g. "1.23.2"
  // True where the table holds the slots for GPUs.
  bool knows_gpus() const { return api_version_ >= oldest_gpu_api; }

 private:
  explicit Library(std::pair<std::string, SharedLibrary> opened);

  std::string path_;
  SharedLibrary library_;
  const OrtApi* api_ = nullptr;
  std::uint32_t api_version_ = 0;
  std::string version_;
};

}  // namespace wattfor::ort
