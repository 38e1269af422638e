// A library that imitates the part of CUDA's driver that calibration/cuda_api.h declares.

#include "fakes/fake_cuda.h"

#include <cstdlib>
#include <cstring>

#include "calibration/cuda_api.h"

namespace {

constexpr int refused = 999;  // CUDA_ERROR_UNKNOWN

wattfor::test::FakeCuda& state() {
  static wattfor::test::FakeCuda the_state;
  return the_state;
}

int answer(const char* function) { return state().failing == function ? refused : 0; }

template <class Handle>
int give(Handle* handle, const char* function) {
  if (answer(function) != 0) return refused;
  static int place = 0;
  *handle = reinterpret_cast<Handle>(&place);
  ++state().open;
  return 0;
}

int take_back() {
  --state().open;
  return 0;
}

}  // namespace

extern "C" {

wattfor::test::FakeCuda* fake_cuda_state() { return &state(); }

int cuInit(unsigned /*flags*/) { return answer("cuInit"); }
int cuGetErrorString(int /*error*/, const char** text) {
  *text = "unknown error";
  return 0;
}
int cuDeviceGetCount(int* count) {
  *count = static_cast<int>(state().uuids.size());
  return answer("cuDeviceGetCount");
}
int cuDeviceGet(int* device, int ordinal) {
  *device = ordinal;
  return 0;
}
int cuDeviceGetName(char* name, int length, int /*device*/) {
  std::strncpy(name, "NVIDIA H200", static_cast<std::size_t>(length));
  return 0;
}
int cuDeviceGetUuid(wattfor::CuUuid* uuid, int device) {
  const auto& bytes = state().uuids[static_cast<std::size_t>(device)];
  std::memcpy(uuid->bytes, bytes.data(), bytes.size());
  return 0;
}
int cuDeviceGetAttribute(int* value, int attribute, int /*device*/) {
  *value = attribute == wattfor::cu_attribute_multiprocessor_count ? state().multiprocessors : 2048;
  return 0;
}
int cuDevicePrimaryCtxRetain(wattfor::CuContext* context, int /*device*/) {
  return give(context, "cuDevicePrimaryCtxRetain");
}
int cuDevicePrimaryCtxRelease_v2(int /*device*/) { return take_back(); }
int cuCtxSetCurrent(wattfor::CuContext /*context*/) { return 0; }
int cuModuleLoadData(wattfor::CuModule* module, const void* image) {
  state().image = static_cast<const char*>(image);
  return give(module, "cuModuleLoadData");
}
int cuModuleUnload(wattfor::CuModule /*module*/) { return take_back(); }
int cuModuleGetFunction(wattfor::CuFunction* function, wattfor::CuModule /*module*/,
                        const char* name) {
  *function = nullptr;
  return state().image.find(name) == std::string::npos ? refused : 0;
}
int cuMemHostAlloc(void** pointer, std::size_t bytes, unsigned /*flags*/) {
  if (answer("cuMemHostAlloc") != 0) return refused;
  *pointer = std::calloc(1, bytes);
  ++state().open;
  return 0;
}
int cuMemHostGetDevicePointer_v2(unsigned long long* pointer, void* host, unsigned /*flags*/) {
  *pointer = reinterpret_cast<unsigned long long>(host);
  return 0;
}
int cuMemFreeHost(void* pointer) {
  std::free(pointer);
  return take_back();
}
int cuStreamCreate(wattfor::CuStream* stream, unsigned /*flags*/) {
  return give(stream, "cuStreamCreate");
}
int cuStreamSynchronize(wattfor::CuStream /*stream*/) {
  if (state().running && *state().flag == 0) ++state().ended_without_flag;
  state().running = false;
  return 0;
}
#ifndef FAKE_CUDA_LACKS_STREAM_DESTROY
int cuStreamDestroy_v2(wattfor::CuStream /*stream*/) { return take_back(); }
#endif
int cuLaunchKernel(wattfor::CuFunction /*function*/, unsigned grid_x, unsigned /*grid_y*/,
                   unsigned /*grid_z*/, unsigned block_x, unsigned /*block_y*/,
                   unsigned /*block_z*/, unsigned /*shared_bytes*/, wattfor::CuStream /*stream*/,
                   void** parameters, void** /*extra*/) {
  if (answer("cuLaunchKernel") != 0) return refused;
  state().flag = reinterpret_cast<std::uint32_t*>(*static_cast<unsigned long long*>(parameters[0]));
  state().launches.push_back({grid_x, *static_cast<unsigned*>(parameters[3]), block_x,
                              *static_cast<std::uint64_t*>(parameters[1])});
  state().running = true;
  return 0;
}
}
