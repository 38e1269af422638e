#include "cli/worker_choice.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "support/refusal.h"

namespace wattfor::cli::worker_choice_test {
namespace {

using Words = std::vector<std::string>;

LoadOptions options_of(const Words& words, const std::optional<std::string>& mode = {}) {
  return load_options(mode, words, std::nullopt);
}

TEST(WorkerChoiceTest, WhatIsAskedOfTheWorkerIsPartOfTheSetupsName) {
  const auto options = options_of({"channels_last=true", "input_shape=3x64x64"}, "compile");
  EXPECT_EQ(options.json, R"({"channels_last":true,"input_shape":"3x64x64","mode":"compile"})");
  EXPECT_EQ(options.variant, "compile-channels-last-input-shape-3x64x64");
}

TEST(WorkerChoiceTest, TheOrderOfTheWordsIsNotPartOfIt) {
  EXPECT_EQ(options_of({"b=2", "a=1"}).variant, options_of({"a=1", "b=2"}).variant);
}

TEST(WorkerChoiceTest, TheUsualModeHasNoPartInTheName) {
  EXPECT_EQ(options_of({}, "eager").variant, "");
  EXPECT_EQ(options_of({}, "eager").json, R"({"mode":"eager"})");
  EXPECT_EQ(options_of({}).json, "{}");
}

TEST(WorkerChoiceTest, AValueIsJsonWhereItCanBe) {
  EXPECT_EQ(options_of({"spinning=false", "size=64", "level=basic", "text="}).json,
            R"({"level":"basic","size":64,"spinning":false,"text":""})");
  EXPECT_EQ(options_of({"spinning=false"}).variant, "no-spinning");
}

TEST(WorkerChoiceTest, TheLibrarysPathIsNoPartOfTheName) {
  const auto options = load_options(std::nullopt, {}, "/opt/libonnxruntime.so");
  EXPECT_EQ(options.json, R"({"runtime_library":"/opt/libonnxruntime.so"})");
  EXPECT_EQ(options.variant, "");
}

TEST(WorkerChoiceTest, RefusesAWordThatIsNoOptionOrThereTwice) {
  for (const auto& [words, reason] : std::vector<std::pair<Words, std::string>>{
           {{"channels_last"}, "'channels_last' is no KEY=VALUE"},
           {{"=true"}, "'=true' is no KEY=VALUE"},
           {{"a=1", "a=2"}, "'a' is given twice"},
           {{"mode=compile"}, "'mode' has an option of its own"}}) {
    test::expect_refusal(test::refusal_of([&] { options_of(words); }), ErrorCode::usage, reason);
  }
}

}  // namespace
}  // namespace wattfor::cli::worker_choice_test
