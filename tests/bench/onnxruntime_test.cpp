#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/error.h"
#include "bench/protocol.h"
#include "support/onnx_file.h"
#include "support/refusal.h"
#include "support/temp_tree.h"
#include "support/text.h"
#include "workers/onnxruntime/library.h"
#include "workers/onnxruntime/onnxruntime_backend.h"
#include "workers/onnxruntime/ort_api.h"
#include "workers/onnxruntime/ort_call.h"
#include "workers/onnxruntime/provider.h"
#include "workers/onnxruntime/session.h"

namespace wattfor::onnxruntime_test {
namespace {

using protocol::Failed;
using protocol::FailureKind;
using protocol::Load;
using protocol::Loaded;
using test::has_text;
using test::onnx_file;
using test::OnnxModel;

// Against the real library, wherever the worker itself finds it.
class OnnxRuntimeTest : public ::testing::Test {
 protected:
  void SetUp() override {
    try {
      const ort::Library library(ort::usual_places(std::nullopt));
    } catch (const Error& error) {
      if (!has_text(error.what(), "was not found")) throw;
      GTEST_SKIP() << "there is no libonnxruntime.so here";
    }
  }

  std::string write(const std::string& bytes) {
    files_.write("model.onnx", bytes);
    return files_ / "model.onnx";
  }

  // Loads a model that the worker takes.
  Loaded load(const OnnxModel& model, const std::string& options = "{}") {
    const auto answer = backend_->load(
        Load{.model = write(onnx_file(model)), .threads = 1, .options_json = options});
    if (const auto* failed = std::get_if<Failed>(&answer)) ADD_FAILURE() << failed->message;
    return std::holds_alternative<Loaded>(answer) ? std::get<Loaded>(answer) : Loaded{};
  }

  // Why it does not take one.
  Failed failure_of(const Load& load) {
    try {
      const auto answer = backend_->load(load);
      if (const auto* failed = std::get_if<Failed>(&answer)) return *failed;
    } catch (const Error& error) {
      const bool unsupported = error.code() == ErrorCode::unsupported;
      return {unsupported ? FailureKind::unsupported : FailureKind::error, error.what()};
    }
    ADD_FAILURE() << "loaded";
    return {};
  }
  Failed failure_of(const OnnxModel& model) {
    return failure_of(Load{.model = write(onnx_file(model)), .threads = 1});
  }

  test::TempTree files_;
  std::unique_ptr<Backend> backend_ = make_onnxruntime_backend();
};

TEST_F(OnnxRuntimeTest, RunsBatchesOfAnySizeOfAModelWithAFreeBatch) {
  const Loaded loaded = load({.shape = {"batch", 1, 8, 8}});
  ASSERT_EQ(loaded.inputs.size(), 1U);
  EXPECT_EQ(loaded.inputs[0].name, "x");
  EXPECT_EQ(loaded.inputs[0].type, "float32");
  EXPECT_FALSE(loaded.inputs[0].shape.at(0).has_value());
  EXPECT_EQ(loaded.inputs[0].shape.at(3), 8);
  for (const int batch : {1, 7, 64, 1}) {
    ASSERT_FALSE(backend_->prepare(batch).has_value());
    EXPECT_FALSE(backend_->run_batch().has_value());
    EXPECT_FALSE(backend_->run_batch().has_value());
  }
}

TEST_F(OnnxRuntimeTest, TheProcesssPeakIsTheMemoryOfItsLargestBatchOnly) {
  load({.shape = {"batch", 1, 8, 8}});
  backend_->prepare(64);
  EXPECT_GT(backend_->memory_bytes().value_or(0.0), 0.0);
  backend_->prepare(1);
  EXPECT_FALSE(backend_->memory_bytes().has_value());
}

TEST_F(OnnxRuntimeTest, RecordsWhatAffectsTheEnergy) {
  const auto settings = nlohmann::json::parse(
      load({}, R"({"spinning":false,"graph_optimization":"basic"})").settings_json);
  EXPECT_EQ(settings.at("intra_op_spinning"), false);
  EXPECT_EQ(settings.at("graph_optimization"), "basic");
  EXPECT_EQ(settings.at("intra_op_threads"), 1);
  EXPECT_EQ(settings.at("inter_op_threads"), 1);
  EXPECT_EQ(settings.at("execution_provider"), "CPUExecutionProvider");
  EXPECT_TRUE(settings.contains("runtime_version"));
  EXPECT_TRUE(settings.contains("runtime_library"));
}

TEST_F(OnnxRuntimeTest, MakesInputsOfEveryTypeThatHasRandomValues) {
  for (const int type : {1, 2, 3, 4, 5, 6, 7, 9, 11, 12, 13}) {
    SCOPED_TRACE(type);
    load({.element_type = type});
    EXPECT_FALSE(backend_->prepare(3).has_value());
    EXPECT_FALSE(backend_->run_batch().has_value());
  }
}

TEST_F(OnnxRuntimeTest, TakesAFloat16ModelOnlyUnderItsName) {
  const std::string model = write(onnx_file({.element_type = 10}));
  EXPECT_TRUE(has_text(failure_of(Load{.model = model}).message, "--precision fp16"));
  EXPECT_TRUE(std::holds_alternative<Loaded>(
      backend_->load(Load{.model = model, .precision = "fp16", .threads = 1})));
}

TEST_F(OnnxRuntimeTest, RefusesTextInputsByName) {
  const Failed failed = failure_of(OnnxModel{.element_type = 8});
  EXPECT_EQ(failed.kind, FailureKind::unsupported);
  EXPECT_TRUE(has_text(failed.message, "its input 'x' holds text"));
}

TEST_F(OnnxRuntimeTest, NamesTheInputAndDimensionThatAreFreeBesideTheBatch) {
  const Failed failed = failure_of(OnnxModel{.shape = {"batch", 3, "height", 8}});
  EXPECT_EQ(failed.kind, FailureKind::unsupported);
  EXPECT_TRUE(has_text(failed.message, "its input 'x' leaves dimension 2 ('height') free"));
}

TEST_F(OnnxRuntimeTest, TakesTheSizeOfAFreeDimensionFromTheOption) {
  const OnnxModel model{.shape = {"batch", "height", ""}};
  const Loaded loaded = load(model, R"({"dimensions":{"height":16,"x.2":4}})");
  EXPECT_EQ(loaded.inputs.at(0).shape.at(1), 16);
  EXPECT_EQ(loaded.inputs.at(0).shape.at(2), 4);
  EXPECT_FALSE(backend_->prepare(2).has_value());
  EXPECT_FALSE(backend_->run_batch().has_value());
}

TEST_F(OnnxRuntimeTest, RefusesAnInputWithoutAShape) {
  const Failed failed = failure_of(OnnxModel{.shape = {}});
  EXPECT_EQ(failed.kind, FailureKind::unsupported);
  EXPECT_TRUE(has_text(failed.message, "its input 'x' is a single number or has no known shape"));
}

TEST_F(OnnxRuntimeTest, RefusesABatchThatAFixedModelDoesNotHave) {
  load({.shape = {4, 3}});
  EXPECT_FALSE(backend_->prepare(4).has_value());
  EXPECT_FALSE(backend_->run_batch().has_value());
  test::expect_refusal(test::refusal_of([&] { backend_->prepare(8); }), ErrorCode::unsupported,
                       "input 'x' has a fixed batch of 4, not 8");
}

TEST_F(OnnxRuntimeTest, RunsOutOfMemoryWithoutDying) {
  load({.shape = {"batch", 1 << 20}});
  const auto failed = backend_->prepare(1 << 30);  // 4 PiB
  ASSERT_TRUE(failed.has_value());
  EXPECT_EQ(failed->kind, FailureKind::out_of_memory);
  EXPECT_FALSE(backend_->prepare(1).has_value());
  EXPECT_FALSE(backend_->run_batch().has_value());
}

TEST_F(OnnxRuntimeTest, NamesTheFileThatIsMissingDamagedOrNotOnnx) {
  const std::string absent = files_ / "absent.onnx";
  EXPECT_TRUE(has_text(failure_of(Load{.model = absent}).message,
                       "'" + absent + "' is not there; check the path"));

  const std::string whole = onnx_file({});
  for (const std::string& bytes :
       {std::string("not a model"), whole.substr(0, whole.size() / 2), std::string()}) {
    const std::string path = write(bytes);
    const Failed failed = failure_of(Load{.model = path});
    EXPECT_EQ(failed.kind, FailureKind::error);
    EXPECT_TRUE(has_text(failed.message, "'" + path + "' is damaged or not ONNX"));
  }
  EXPECT_TRUE(has_text(failure_of(Load{.model = files_.root()}).message, "not a folder"));
}

TEST_F(OnnxRuntimeTest, SaysWhatTheLibrarySaysOfAnOperatorItDoesNotKnow) {
  const Failed failed = failure_of(OnnxModel{.operator_name = "Teleport"});
  EXPECT_TRUE(has_text(failed.message, "Teleport"));
  EXPECT_TRUE(has_text(failed.message, "upgrade"));
}

TEST_F(OnnxRuntimeTest, RefusesADeviceItDoesNotHave) {
  const Failed failed = failure_of(Load{.model = write(onnx_file({})), .device = "tpu:0"});
  EXPECT_EQ(failed.kind, FailureKind::unavailable);
  EXPECT_TRUE(has_text(failed.message, "no device 'tpu:0'; it has: cpu, cuda, cuda:N"));
}

// The slots for providers and binding stand where the real library has them: what a GPU needs is
// done with the CPU's memory in place of a device's.
TEST_F(OnnxRuntimeTest, BindsInputsAndRunsWhereTheyLie) {
  const ort::Library library(ort::usual_places(std::nullopt));
  ASSERT_TRUE(library.knows_gpus());
  const auto providers = ort::available_providers(library.api());
  EXPECT_NE(std::ranges::find(providers, "CPUExecutionProvider"), providers.end());

  ort::Session session(library.api(), write(onnx_file({.shape = {"batch", 4}})), {.threads = 1});
  std::vector<std::byte> data(2 * 4 * sizeof(float));
  const std::vector<std::int64_t> shape{2, 4};
  const auto value = session.tensor(session.inputs().at(0), shape, data);
  const std::vector<const ort::OrtValue*> values{value.get()};
  ort::Binding binding = session.bind(values);
  EXPECT_NO_THROW(binding.run());
  EXPECT_NO_THROW(binding.run());
}

TEST_F(OnnxRuntimeTest, SaysOfABuildWithoutGpusWhatToInstall) {
  const ort::Library library(ort::usual_places(std::nullopt));
  const auto providers = ort::available_providers(library.api());
  if (std::ranges::find(providers, "CUDAExecutionProvider") != providers.end()) {
    GTEST_SKIP() << "this library is built for GPUs";
  }
  const Failed failed = failure_of(Load{.model = write(onnx_file({})), .device = "cuda"});
  EXPECT_EQ(failed.kind, FailureKind::unavailable);
  EXPECT_TRUE(has_text(failed.message, "pip install onnxruntime-gpu"));

  // The slots of the providers' options are where they are said to be: each says its name.
  const ort::OrtApi& api = library.api();
  ort::OrtCUDAProviderOptionsV2* cuda = nullptr;
  ort::OrtTensorRTProviderOptionsV2* tensorrt = nullptr;
  test::expect_refusal(
      test::refusal_of([&] { ort::check(api, api.CreateCUDAProviderOptions(&cuda)); }),
      ErrorCode::io, "CUDA");
  test::expect_refusal(
      test::refusal_of([&] { ort::check(api, api.CreateTensorRTProviderOptions(&tensorrt)); }),
      ErrorCode::io, "TensorRT");
}

TEST_F(OnnxRuntimeTest, RefusesAnOptionOfAnotherType) {
  const Load load{.model = write(onnx_file({})), .options_json = R"({"spinning":"often"})"};
  EXPECT_TRUE(has_text(failure_of(load).message, "'spinning' can't be \"often\""));
}

}  // namespace
}  // namespace wattfor::onnxruntime_test
