#include "bench/subject.h"

#include <gtest/gtest.h>

#include <vector>

#include "support/temp_tree.h"

namespace wattfor::subject_test {
namespace {

TEST(SubjectTest, ASetupsIdIsASlugAndItsLabelIsForReaders) {
  Machine machine;
  machine.cpu = "AMD EPYC 9575F 64-Core Processor";
  SweepPlan plan;
  plan.threads = 2;
  auto setup = setup_of(plan, machine);
  EXPECT_EQ(setup.id, "epyc-9575f_onnxruntime_fp32_t2");
  setup.runtime_version = "1.22.0";
  EXPECT_EQ(label_of(setup), "AMD EPYC 9575F · ONNX Runtime 1.22.0 · fp32 · 2 threads");

  plan.threads = 0;
  plan.worker = "my worker";
  EXPECT_EQ(setup_of(plan, machine).id, "epyc-9575f_my-worker_fp32");
  EXPECT_EQ(setup_of(plan, machine).label, "AMD EPYC 9575F · my worker · fp32");

  plan.device = "cuda:0";
  EXPECT_EQ(setup_of(plan, machine).id, "cuda-0_my-worker_fp32");
}

TEST(SubjectTest, HowTheRuntimeRunsAModelIsPartOfTheSetup) {
  Machine machine;
  machine.devices = {"NVIDIA H200 (gpu 0), driver 570.86", "NVIDIA H200 (gpu 1), driver 570.86"};
  SweepPlan plan;
  plan.worker = "torch";
  plan.device = "cuda";
  plan.precision = "fp16";
  EXPECT_EQ(setup_of(plan, machine).id, "h200_pytorch_fp16");

  plan.variant = "compile-channels-last";
  auto setup = setup_of(plan, machine);
  EXPECT_EQ(setup.id, "h200_pytorch-compile-channels-last_fp16");
  setup.runtime_version = "2.9.1";
  EXPECT_EQ(label_of(setup), "NVIDIA H200 · PyTorch 2.9.1 compile-channels-last · fp16");

  plan.worker = "onnxruntime";
  plan.variant = "";
  plan.device = "tensorrt:1";
  EXPECT_EQ(setup_of(plan, machine).id, "h200_onnxruntime-tensorrt_fp16");
}

TEST(SubjectTest, AGpuOfSeveralKindsKeepsCudasNumber) {
  Machine machine;
  machine.devices = {"NVIDIA H200 (gpu 0)", "NVIDIA T4 (gpu 1)"};
  SweepPlan plan;
  plan.device = "cuda:1";
  EXPECT_EQ(setup_of(plan, machine).id, "cuda-1_onnxruntime_fp32");
}

TEST(SubjectTest, AModelThatTheWorkerKnowsIsItsName) {
  const Model model = model_of("timm:resnet50.a1_in1k");
  EXPECT_EQ(model.name, "resnet50.a1_in1k");
  EXPECT_EQ(model.file, "timm:resnet50.a1_in1k");
  EXPECT_EQ(model.sha256, "");
}

TEST(SubjectTest, AModelIsItsFilesStemAndHash) {
  const test::TempTree tree;
  tree.write("a \"b\" ü.v1.onnx", "abc");
  const Model model = model_of(tree / "a \"b\" ü.v1.onnx");
  EXPECT_EQ(model.name, "a \"b\" ü.v1");
  EXPECT_EQ(model.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(model.file, (tree / "a \"b\" ü.v1.onnx").string());
}

TEST(SubjectTest, TheInputSizeIsTheSideOfTheFirstImage) {
  const std::vector<protocol::Input> inputs{
      {.name = "mask", .shape = {std::nullopt, 10}, .type = "int64"},
      {.name = "image", .shape = {std::nullopt, 3, 200, 224}, .type = "float32"},
      {.name = "second", .shape = {std::nullopt, 3, 32, 32}, .type = "float32"}};
  EXPECT_EQ(input_size_of(inputs), 224);
  EXPECT_EQ(input_size_of({}), 0);
  const std::vector<protocol::Input> free{
      {.name = "x", .shape = {std::nullopt, 3, std::nullopt, std::nullopt}, .type = "float32"}};
  EXPECT_EQ(input_size_of(free), 0);
}

TEST(SubjectTest, TheInputSizeIsTheSideAlsoWhereChannelsComeLast) {
  const auto size_of = [](std::vector<std::optional<std::int64_t>> shape) {
    const std::vector<protocol::Input> inputs{
        {.name = "x", .shape = std::move(shape), .type = "float32"}};
    return input_size_of(inputs);
  };
  EXPECT_EQ(size_of({std::nullopt, 224, 224, 3}), 224);
  EXPECT_EQ(size_of({std::nullopt, 1, 8, 8}), 8);
  EXPECT_EQ(size_of({std::nullopt, 3, 3, 3}), 3);
  EXPECT_EQ(size_of({std::nullopt, 3, 1, (std::int64_t{1} << 32) + 224}), 0);
}

TEST(SubjectTest, AFixedBatchIsTheFirstDimensionOfTheFirstInput) {
  using Inputs = std::vector<protocol::Input>;
  EXPECT_EQ(fixed_batch_of(Inputs{{.name = "x", .shape = {16, 3, 8, 8}, .type = "float32"}}), 16);
  EXPECT_FALSE(fixed_batch_of(Inputs{{.name = "x", .shape = {std::nullopt}, .type = "float32"}}));
  EXPECT_FALSE(fixed_batch_of(Inputs{{.name = "x", .shape = {0}, .type = "float32"}}));
  EXPECT_FALSE(fixed_batch_of({}));
}

}  // namespace
}  // namespace wattfor::subject_test
