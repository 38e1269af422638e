// ONNX Runtime on GPUs that a fake library has.
#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/shared_library.h"
#include "bench/protocol.h"
#include "fakes/fake_onnxruntime.h"
#include "support/temp_tree.h"
#include "support/text.h"
#include "workers/onnxruntime/onnxruntime_backend.h"
#include "workers/onnxruntime/provider.h"

namespace wattfor::onnxruntime_gpu_test {
namespace {

using protocol::Failed;
using protocol::FailureKind;
using protocol::Load;
using protocol::Loaded;
using test::has_text;
using Events = std::vector<std::string>;
using Json = nlohmann::json;

TEST(ProviderTest, IsADeviceWithANumber) {
  using ort::provider_of;
  using ort::ProviderKind;
  EXPECT_EQ(provider_of("cpu")->kind, ProviderKind::cpu);
  EXPECT_EQ(provider_of("cuda")->device, 0);
  EXPECT_EQ(provider_of("cuda:3")->device, 3);
  EXPECT_EQ(provider_of("tensorrt:1")->kind, ProviderKind::tensorrt);
  for (const char* none : {"", "gpu", "cuda:", "cuda:-1", "cuda:1x", "cuda:99999999999", "cpu:0"}) {
    EXPECT_FALSE(provider_of(none).has_value()) << none;
  }
}

class OnnxRuntimeGpuTest : public ::testing::Test {
 protected:
  OnnxRuntimeGpuTest() {
    fake_ = {};
    files_.write("model.onnx", "any");
  }

  ~OnnxRuntimeGpuTest() override {
    backend_.reset();
    EXPECT_EQ(fake_.still_open(), 0) << "objects of the library were not given back";
  }

  std::variant<Loaded, Failed> answer_to(const std::string& device, const std::string& precision,
                                         Json options = Json::object()) {
    options["runtime_library"] = FAKE_ONNXRUNTIME;
    return backend_->load(Load{.model = files_ / "model.onnx",
                               .device = device,
                               .precision = precision,
                               .threads = 1,
                               .options_json = options.dump()});
  }
  Loaded load(const std::string& device, const std::string& precision = "fp32") {
    const auto answer = answer_to(device, precision);
    if (const auto* failed = std::get_if<Failed>(&answer)) ADD_FAILURE() << failed->message;
    return std::holds_alternative<Loaded>(answer) ? std::get<Loaded>(answer) : Loaded{};
  }
  // That of something which no model could have: the sweep ends.
  std::string refusal_of(const std::string& device, const std::string& precision = "fp32",
                         const Json& options = Json::object()) {
    const auto answer = answer_to(device, precision, options);
    if (!std::holds_alternative<Failed>(answer)) return "loaded";
    EXPECT_EQ(std::get<Failed>(answer).kind, FailureKind::unavailable);
    return std::get<Failed>(answer).message;
  }

  // What has happened since the last look.
  Events events() { return std::exchange(fake_.events, {}); }

  SharedLibrary library_{FAKE_ONNXRUNTIME};
  test::FakeOnnxRuntime& fake_ =
      *library_.symbol<test::FakeOnnxRuntime*()>("fake_onnxruntime_state")();
  test::TempTree files_;
  std::unique_ptr<Backend> backend_ = make_onnxruntime_backend();
};

TEST_F(OnnxRuntimeGpuTest, InputsLieOnTheDeviceBeforeABatchRunsAndOutputsStayThere) {
  load("cuda:1");
  EXPECT_EQ(events(), (Events{"append CUDA device_id=1", "session on CUDA"}));

  ASSERT_FALSE(backend_->prepare(8).has_value());
  EXPECT_EQ(events(), (Events{"copy 128 bytes to 1", "inputs are there", "output y in Cuda 1"}));
  EXPECT_EQ(fake_.open["value"], 0) << "the host's copies are not kept";

  ASSERT_FALSE(backend_->run_batch().has_value());
  ASSERT_FALSE(backend_->run_batch().has_value());
  EXPECT_EQ(events(),
            (Events{"run on CUDA", "outputs are there", "run on CUDA", "outputs are there"}));
}

TEST_F(OnnxRuntimeGpuTest, TheSameBatchIsNotCopiedAgainAndAnotherIs) {
  load("cuda");
  backend_->prepare(8);
  backend_->run_batch();
  events();
  backend_->prepare(8);
  EXPECT_EQ(events(), Events{});
  backend_->prepare(4);
  EXPECT_EQ(events().front(), "copy 64 bytes to 0");
}

TEST_F(OnnxRuntimeGpuTest, OnTheCpuNothingIsBoundAndNoProviderAppended) {
  load("cpu");
  backend_->prepare(8);
  backend_->run_batch();
  EXPECT_EQ(events(), (Events{"session on CPU", "run with copies on CPU"}));
}

TEST_F(OnnxRuntimeGpuTest, TensorRtComesBeforeCudaWhichTakesTheRest) {
  load("tensorrt", "fp16");
  EXPECT_EQ(events(), (Events{"append TensorRT device_id=0 trt_fp16_enable=1",
                              "append CUDA device_id=0", "session on TensorRT"}));
  load("tensorrt:1", "int8");
  EXPECT_EQ(events().front(), "append TensorRT device_id=1 trt_int8_enable=1");
  load("tensorrt", "fp32");
  EXPECT_EQ(events().front(), "append TensorRT device_id=0");
}

TEST_F(OnnxRuntimeGpuTest, EachBatchSizeHasAnEngineOfItsOwn) {
  load("tensorrt");
  backend_->prepare(1);
  backend_->run_batch();
  events();
  ASSERT_FALSE(backend_->prepare(2).has_value());
  EXPECT_EQ(events().at(2), "session on TensorRT");
  EXPECT_EQ(fake_.open["session"], 1);
  ASSERT_FALSE(backend_->run_batch().has_value());
}

TEST_F(OnnxRuntimeGpuTest, ABatchBeyondTheDevicesMemoryIsOutOfMemoryAndASmallerOneRuns) {
  load("cuda");
  const auto failed = backend_->prepare(1 << 20);
  ASSERT_TRUE(failed.has_value());
  EXPECT_EQ(failed->kind, FailureKind::out_of_memory);
  EXPECT_TRUE(has_text(failed->message, "a batch of 1048576: "));
  EXPECT_FALSE(backend_->prepare(8).has_value());
  EXPECT_FALSE(backend_->run_batch().has_value());
}

TEST_F(OnnxRuntimeGpuTest, ARunThatFailsOnTheDeviceSaysWhy) {
  load("cuda");
  backend_->prepare(8);
  fake_.failing = "RunWithBinding";
  const auto failed = backend_->run_batch();
  ASSERT_TRUE(failed.has_value());
  EXPECT_EQ(failed->kind, FailureKind::error);
  EXPECT_EQ(failed->message, "a batch of 8: RunWithBinding failed");
}

TEST_F(OnnxRuntimeGpuTest, ABuildWithoutTheProviderSaysWhatItHasAndWhatToInstall) {
  fake_.providers = {"CPUExecutionProvider"};
  for (const char* device : {"cuda", "tensorrt"}) {
    const std::string refusal = refusal_of(device);
    EXPECT_TRUE(has_text(refusal, "it has: CPUExecutionProvider"));
    EXPECT_TRUE(has_text(refusal, "pip install onnxruntime-gpu"));
  }
}

TEST_F(OnnxRuntimeGpuTest, AProviderWhoseLibrariesAreMissingNamesThem) {
  fake_.failing = "append TensorRT";
  EXPECT_TRUE(has_text(refusal_of("tensorrt"), "CUDA and cuDNN and TensorRT"));
  fake_.failing = "CreateCUDAProviderOptions";
  EXPECT_TRUE(has_text(refusal_of("cuda"), "CreateCUDAProviderOptions failed"));
}

TEST_F(OnnxRuntimeGpuTest, AGpuThatIsNotThereEndsTheSweep) {
  EXPECT_TRUE(has_text(refusal_of("cuda:2"), "can't use the GPU 2"));
}

TEST_F(OnnxRuntimeGpuTest, ALibraryFromBeforeBindingIsForTheCpuAlone) {
  fake_.newest_table = 10;
  EXPECT_TRUE(has_text(refusal_of("cuda"), "which takes 1.11 or later"));
  load("cpu");
}

TEST_F(OnnxRuntimeGpuTest, Tf32IsSwitchedOffUnlessItIsAskedFor) {
  const auto allowed = [] { return std::string(std::getenv("NVIDIA_TF32_OVERRIDE")); };
  EXPECT_EQ(Json::parse(load("cuda", "fp32").settings_json).at("tf32_allowed"), false);
  EXPECT_EQ(allowed(), "0");
  EXPECT_EQ(Json::parse(load("cuda", "tf32").settings_json).at("tf32_allowed"), true);
  EXPECT_EQ(allowed(), "1");
  EXPECT_TRUE(has_text(refusal_of("cpu", "tf32"), "on the CPU use fp32"));
}

TEST_F(OnnxRuntimeGpuTest, RecordsWhereItRan) {
  const auto settings = Json::parse(load("cuda:1").settings_json);
  EXPECT_EQ(settings.at("execution_provider"), "CUDAExecutionProvider");
  EXPECT_EQ(settings.at("device_id"), 1);
  EXPECT_EQ(settings.at("inputs_bound"), "device");
  backend_->prepare(8);
  EXPECT_FALSE(backend_->memory_bytes().has_value()) << "the process's is not the device's";
}

TEST_F(OnnxRuntimeGpuTest, RefusesOptionsAndModesThatItDoesNotKnow) {
  EXPECT_TRUE(has_text(refusal_of("cpu", "fp32", {{"spining", false}}), "no option 'spining'"));
  EXPECT_TRUE(has_text(refusal_of("cpu", "fp32", {{"mode", "tensorrt"}}), "--device tensorrt"));
}

}  // namespace
}  // namespace wattfor::onnxruntime_gpu_test
