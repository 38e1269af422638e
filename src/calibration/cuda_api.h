#pragma once

#include <cstddef>

// The part of CUDA's driver library that wattfor calls, declared here so that neither its headers
// nor the library is needed to build: each name is looked up at run time in libcuda.so.1. Source:
// the CUDA Driver API reference, 12.x; all sizes are those of LP64 Linux.

namespace wattfor {

using CuResult = int;  // 0: success
using CuDevice = int;
using CuDevicePointer = unsigned long long;
struct CuUuid {
  unsigned char bytes[16];
};
using CuContext = struct CuContextHandle*;
using CuModule = struct CuModuleHandle*;
using CuFunction = struct CuFunctionHandle*;
using CuStream = struct CuStreamHandle*;

constexpr CuResult cuda_success = 0;
constexpr int cu_attribute_multiprocessor_count = 16;
constexpr int cu_attribute_threads_a_multiprocessor = 39;
constexpr unsigned cu_host_memory_portable = 0x01;   // to every context
constexpr unsigned cu_host_memory_on_device = 0x02;  // mapped into the device's address space
constexpr unsigned cu_stream_non_blocking = 0x01;

// As the library exports them: several under a name with the version of their ABI.
CuResult cuInit(unsigned flags);
CuResult cuGetErrorString(CuResult error, const char** text);
CuResult cuDeviceGetCount(int* count);
CuResult cuDeviceGet(CuDevice* device, int ordinal);
CuResult cuDeviceGetName(char* name, int length, CuDevice device);
CuResult cuDeviceGetUuid(CuUuid* uuid, CuDevice device);
CuResult cuDeviceGetAttribute(int* value, int attribute, CuDevice device);
CuResult cuDevicePrimaryCtxRetain(CuContext* context, CuDevice device);
CuResult cuDevicePrimaryCtxRelease(CuDevice device);  // cuDevicePrimaryCtxRelease_v2
CuResult cuCtxSetCurrent(CuContext context);
CuResult cuModuleLoadData(CuModule* module, const void* image);
CuResult cuModuleUnload(CuModule module);
CuResult cuModuleGetFunction(CuFunction* function, CuModule module, const char* name);
CuResult cuMemHostAlloc(void** pointer, std::size_t bytes, unsigned flags);
CuResult cuMemHostGetDevicePointer(CuDevicePointer* pointer, void* host,
                                   unsigned flags);  // cuMemHostGetDevicePointer_v2
CuResult cuMemFreeHost(void* pointer);
CuResult cuStreamCreate(CuStream* stream, unsigned flags);
CuResult cuStreamSynchronize(CuStream stream);
CuResult cuStreamDestroy(CuStream stream);  // cuStreamDestroy_v2
CuResult cuLaunchKernel(CuFunction function, unsigned grid_x, unsigned grid_y, unsigned grid_z,
                        unsigned block_x, unsigned block_y, unsigned block_z, unsigned shared_bytes,
                        CuStream stream, void** parameters, void** extra);

}  // namespace wattfor
