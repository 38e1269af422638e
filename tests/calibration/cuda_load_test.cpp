#include "calibration/cuda_load.h"

#include <gtest/gtest.h>

#include <array>
#include <numeric>

#include "base/shared_library.h"
#include "fakes/fake_cuda.h"
#include "support/refusal.h"

namespace wattfor::cuda_load_test {
namespace {

constexpr auto second_gpu = "GPU-000102ff-0405-0607-0809-0a0b0c0d0e0f";

class CudaLoadTest : public testing::Test {
 protected:
  CudaLoadTest() {
    cuda = test::FakeCuda{};
    std::array<unsigned char, 16> uuid{};
    cuda.uuids.push_back(uuid);
    std::iota(uuid.begin(), uuid.end(), static_cast<unsigned char>(0));
    uuid[3] = 0xff;
    cuda.uuids.push_back(uuid);
  }

  static std::unique_ptr<CalibrationLoad> load(double share) {
    return cuda_load(second_gpu, share, FAKE_CUDA);
  }

  SharedLibrary library{FAKE_CUDA};
  test::FakeCuda& cuda = *library.symbol<test::FakeCuda*()>("fake_cuda_state")();
};

TEST_F(CudaLoadTest, BusiesAShareOfTheMultiprocessorsOfTheGpuWithThatUuid) {
  const auto half = load(0.5);
  EXPECT_EQ(half->description(), "66 of 132 multiprocessors of NVIDIA H200");
  half->switch_on();
  ASSERT_EQ(cuda.launches.size(), 1U);
  EXPECT_EQ(cuda.launches[0].blocks, 4U * 132);  // as many as fit, half of which end at once
  EXPECT_EQ(cuda.launches[0].busy, 66U);
  EXPECT_EQ(cuda.launches[0].threads, 512U);
  EXPECT_EQ(cuda.launches[0].longest_ns, 60'000'000'000U);  // a host that dies leaves no busy GPU
  EXPECT_EQ(*cuda.flag, 0U);
}

TEST_F(CudaLoadTest, SwitchingOffRaisesTheFlagBeforeItWaitsForTheKernel) {
  const auto all = load(1.0);
  for (int i = 0; i < 3; ++i) {
    all->switch_on();
    all->switch_on();  // says nothing new
    all->switch_off();
    all->switch_off();
  }
  EXPECT_EQ(cuda.launches.size(), 3U);
  EXPECT_EQ(cuda.ended_without_flag, 0);
}

TEST_F(CudaLoadTest, ALoadThatGoesWhileItIsOnEndsItsKernelAndGivesAllBack) {
  {
    const auto all = load(1.0);
    all->switch_on();
  }
  EXPECT_EQ(cuda.ended_without_flag, 0);
  EXPECT_FALSE(cuda.running);
  EXPECT_EQ(cuda.open, 0);
}

TEST_F(CudaLoadTest, WhatTheDriverRefusesIsSaidInItsWordsAndNothingStaysOpen) {
  for (const char* function : {"cuInit", "cuDevicePrimaryCtxRetain", "cuModuleLoadData",
                               "cuMemHostAlloc", "cuStreamCreate"}) {
    cuda.failing = function;
    test::expect_refusal(test::refusal_of([] { load(1.0); }), ErrorCode::io,
                         "failed: unknown error (CUDA error 999)");
    EXPECT_EQ(cuda.open, 0) << function;
  }
  cuda.failing = "cuLaunchKernel";
  const auto all = load(1.0);
  test::expect_refusal(test::refusal_of([&] { all->switch_on(); }), ErrorCode::io,
                       "starting the load failed");
}

TEST_F(CudaLoadTest, AGpuThatCudaDoesNotShowIsNamed) {
  test::expect_refusal(test::refusal_of([] { cuda_load("GPU-1", 1.0, FAKE_CUDA); }),
                       ErrorCode::not_found, "GPU-1 is none of the 2 GPUs");
}

TEST_F(CudaLoadTest, WithoutTheDriverThereIsNoLoad) {
  EXPECT_EQ(test::refusal_of([] { cuda_load(second_gpu, 1.0, "no-such-library.so"); }).code(),
            ErrorCode::not_found);
  test::expect_refusal(test::refusal_of([] { cuda_load(second_gpu, 1.0, "libm.so.6"); }),
                       ErrorCode::unsupported, "libm.so.6 has no cuInit");
}

TEST_F(CudaLoadTest, ALibraryThatCouldNotGiveAllBackIsAskedForNothing) {
  const SharedLibrary bare_library(FAKE_CUDA_BARE);
  test::FakeCuda& bare = *bare_library.symbol<test::FakeCuda*()>("fake_cuda_state")();
  bare.uuids = cuda.uuids;
  test::expect_refusal(test::refusal_of([] { cuda_load(second_gpu, 1.0, FAKE_CUDA_BARE); }),
                       ErrorCode::unsupported, "has no cuStreamDestroy_v2");
  EXPECT_EQ(bare.open, 0);
}

TEST_F(CudaLoadTest, TheKernelIsThatOfTheModule) {
  const auto all = load(1.0);
  EXPECT_NE(cuda.image.find(".entry busy_loop("), std::string::npos);
}

}  // namespace
}  // namespace wattfor::cuda_load_test
