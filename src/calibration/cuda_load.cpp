#include "calibration/cuda_load.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <new>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/shared_library.h"
#include "calibration/cuda_api.h"
#include "embedded/calibration_kernel.h"

namespace wattfor {
namespace {

constexpr unsigned threads_a_block =
    512;  // 1,536 and 2,048, which multiprocessors hold, are whole ones
constexpr std::uint64_t longest_ns = 60'000'000'000;

// The driver library's functions, all of which are needed: looked up before the first call, so that
// what was made can be given back.
class CudaLibrary {
  template <class Function>
  Function* function(const char* symbol) const {
    Function* const found = library_.symbol<Function>(symbol);
    if (!found) {
      throw Error(ErrorCode::unsupported,
                  fmt::format("{} has no {}: expected CUDA's driver library", name_, symbol));
    }
    return found;
  }

  std::string name_;
  SharedLibrary library_;

 public:
  explicit CudaLibrary(const std::string& name) : name_(name), library_(name) {
    check(init(0), "starting CUDA");
  }

  void check(CuResult result, std::string_view what) const {
    if (result == cuda_success) return;
    const char* reason = nullptr;
    if (auto* text = library_.symbol<decltype(cuGetErrorString)>("cuGetErrorString")) {
      text(result, &reason);
    }
    throw Error(ErrorCode::io, fmt::format("{}: {} failed: {} (CUDA error {})", name_, what,
                                           reason ? reason : "unknown", result));
  }

  decltype(cuInit)* const init = function<decltype(cuInit)>("cuInit");
  decltype(cuDeviceGetCount)* const get_count =
      function<decltype(cuDeviceGetCount)>("cuDeviceGetCount");
  decltype(cuDeviceGet)* const get_device = function<decltype(cuDeviceGet)>("cuDeviceGet");
  decltype(cuDeviceGetUuid)* const get_uuid =
      function<decltype(cuDeviceGetUuid)>("cuDeviceGetUuid");
  decltype(cuDeviceGetName)* const get_name =
      function<decltype(cuDeviceGetName)>("cuDeviceGetName");
  decltype(cuDeviceGetAttribute)* const get_attribute =
      function<decltype(cuDeviceGetAttribute)>("cuDeviceGetAttribute");
  decltype(cuDevicePrimaryCtxRetain)* const retain_context =
      function<decltype(cuDevicePrimaryCtxRetain)>("cuDevicePrimaryCtxRetain");
  decltype(cuDevicePrimaryCtxRelease)* const release_context =
      function<decltype(cuDevicePrimaryCtxRelease)>("cuDevicePrimaryCtxRelease_v2");
  decltype(cuCtxSetCurrent)* const set_current =
      function<decltype(cuCtxSetCurrent)>("cuCtxSetCurrent");
  decltype(cuModuleLoadData)* const load_module =
      function<decltype(cuModuleLoadData)>("cuModuleLoadData");
  decltype(cuModuleGetFunction)* const get_function =
      function<decltype(cuModuleGetFunction)>("cuModuleGetFunction");
  decltype(cuModuleUnload)* const unload_module =
      function<decltype(cuModuleUnload)>("cuModuleUnload");
  decltype(cuMemHostAlloc)* const allocate_shared =
      function<decltype(cuMemHostAlloc)>("cuMemHostAlloc");
  decltype(cuMemHostGetDevicePointer)* const get_device_pointer =
      function<decltype(cuMemHostGetDevicePointer)>("cuMemHostGetDevicePointer_v2");
  decltype(cuMemFreeHost)* const free_shared = function<decltype(cuMemFreeHost)>("cuMemFreeHost");
  decltype(cuStreamCreate)* const create_stream =
      function<decltype(cuStreamCreate)>("cuStreamCreate");
  decltype(cuStreamSynchronize)* const synchronize =
      function<decltype(cuStreamSynchronize)>("cuStreamSynchronize");
  decltype(cuStreamDestroy)* const destroy_stream =
      function<decltype(cuStreamDestroy)>("cuStreamDestroy_v2");
  decltype(cuLaunchKernel)* const launch = function<decltype(cuLaunchKernel)>("cuLaunchKernel");
};

// "GPU-5a0d…": as NVML and nvidia-smi write it.
std::string uuid_text(const CuUuid& uuid) {
  std::string text = "GPU";
  for (std::size_t i = 0; i < std::size(uuid.bytes); ++i) {
    if (i == 0 || i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += fmt::format("{:02x}", uuid.bytes[i]);
  }
  return text;
}

// The flag that ends the kernel and the number it leaves, in memory that both sides see.
struct Shared {
  std::uint32_t flag = 0;
  float sink = 0.0F;
};

class CudaLoad final : public CalibrationLoad {
 public:
  CudaLoad(const std::string& uuid, double share, const std::string& library)
      : cuda_(library), device_(find(uuid)) {
    const unsigned all = attribute(cu_attribute_multiprocessor_count);
    blocks_ =
        all * std::max(1U, attribute(cu_attribute_threads_a_multiprocessor) / threads_a_block);
    busy_ = std::clamp(static_cast<unsigned>(std::lround(share * all)), 1U, all);
    std::array<char, 256> name{};
    cuda_.check(cuda_.get_name(name.data(), static_cast<int>(name.size()) - 1, device_),
                "asking for the name");
    description_ = fmt::format("{} of {} multiprocessors of {}", busy_, all, name.data());
    set_up();
  }
  CudaLoad(const CudaLoad&) = delete;
  CudaLoad& operator=(const CudaLoad&) = delete;
  ~CudaLoad() override { tear_down(); }

  std::string description() const override { return description_; }

  void switch_on() override {
    if (on_) return;
    raise_flag(0);
    CuDevicePointer flag = on_device_ + offsetof(Shared, flag);
    CuDevicePointer sink = on_device_ + offsetof(Shared, sink);
    std::uint64_t longest = longest_ns;
    unsigned busy = busy_;
    std::array<void*, 4> parameters{&flag, &longest, &sink, &busy};
    cuda_.check(cuda_.launch(kernel_, blocks_, 1, 1, threads_a_block, 1, 1, 0, stream_,
                             parameters.data(), nullptr),
                "starting the load");
    on_ = true;
  }

  void switch_off() override {
    if (!on_) return;
    on_ = false;
    raise_flag(1);
    cuda_.check(cuda_.synchronize(stream_), "ending the load");
  }

 private:
  unsigned attribute(int which) const {
    int value = 0;
    cuda_.check(cuda_.get_attribute(&value, which, device_), "asking for the multiprocessors");
    return static_cast<unsigned>(std::max(value, 1));
  }

  CuDevice find(const std::string& uuid) const {
    int count = 0;
    cuda_.check(cuda_.get_count(&count), "counting the GPUs");
    for (int i = 0; i < count; ++i) {
      CuDevice device = 0;
      CuUuid found{};
      cuda_.check(cuda_.get_device(&device, i), "finding a GPU");
      cuda_.check(cuda_.get_uuid(&found, device), "asking for a GPU's UUID");
      if (uuid_text(found) == uuid) return device;
    }
    throw Error(ErrorCode::not_found,
                fmt::format("{} is none of the {} GPUs that CUDA shows this process: "
                            "CUDA_VISIBLE_DEVICES may hide it",
                            uuid, count));
  }

  void set_up() {
    try {
      cuda_.check(cuda_.retain_context(&context_, device_), "opening the GPU");
      retained_ = true;
      cuda_.check(cuda_.set_current(context_), "opening the GPU");
      const std::string image(calibration_kernel_files().front().second);
      cuda_.check(cuda_.load_module(&module_, image.c_str()), "compiling the load");
      cuda_.check(cuda_.get_function(&kernel_, module_, "busy_loop"), "finding the load's kernel");
      void* memory = nullptr;
      cuda_.check(cuda_.allocate_shared(&memory, sizeof(Shared),
                                        cu_host_memory_portable | cu_host_memory_on_device),
                  "sharing memory");
      shared_ = new (memory) Shared;
      cuda_.check(cuda_.get_device_pointer(&on_device_, memory, 0), "sharing memory");
      cuda_.check(cuda_.create_stream(&stream_, cu_stream_non_blocking), "opening a stream");
    } catch (...) {
      tear_down();
      throw;
    }
  }

  // What it refuses is past mending: the process is about to forget the GPU.
  void tear_down() noexcept {
    if (shared_) raise_flag(1);
    if (stream_) {
      cuda_.synchronize(stream_);
      cuda_.destroy_stream(stream_);
    }
    if (shared_) cuda_.free_shared(shared_);
    if (module_) cuda_.unload_module(module_);
    if (retained_) cuda_.release_context(device_);
  }

  // The device reads it while it runs.
  void raise_flag(std::uint32_t value) const {
    std::atomic_ref<std::uint32_t>(shared_->flag).store(value, std::memory_order_release);
  }

  CudaLibrary cuda_;
  CuDevice device_;
  unsigned blocks_ = 1;  // as many as all multiprocessors hold at once
  unsigned busy_ = 1;    // multiprocessors
  std::string description_;
  bool retained_ = false;
  CuContext context_ = nullptr;
  CuModule module_ = nullptr;
  CuFunction kernel_ = nullptr;
  Shared* shared_ = nullptr;
  CuDevicePointer on_device_ = 0;
  CuStream stream_ = nullptr;
  bool on_ = false;
};

}  // namespace

std::unique_ptr<CalibrationLoad> cuda_load(const std::string& uuid, double share,
                                           const std::string& library) {
  return std::make_unique<CudaLoad>(uuid, share, library);
}

}  // namespace wattfor
