#include "bench/model_names.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.h"
#include "bench/protocol.h"
#include "support/refusal.h"
#include "support/temp_tree.h"

namespace wattfor::model_names_test {
namespace {

using protocol::FailureKind;
using protocol::Listed;
using Models = std::vector<std::filesystem::path>;
using Answer = std::variant<Listed, WorkerFailure>;

// Knows the models of one catalogue and runs none.
class Librarian final : public Worker {
 public:
  Librarian(std::vector<std::string> catalogues, Answer answer) : answer_(std::move(answer)) {
    hello_.worker = "librarian";
    hello_.catalogues = std::move(catalogues);
  }
  const protocol::HelloReply& hello() const override { return hello_; }
  std::variant<protocol::Loaded, WorkerFailure> load(const protocol::Load&) override {
    return WorkerFailure{};
  }
  Answer list(const protocol::List&) override { return answer_; }
  std::variant<RunMarks, WorkerFailure> run(const protocol::Run&,
                                            const std::function<void(Instant)>&) override {
    return WorkerFailure{};
  }

 private:
  protocol::HelloReply hello_;
  Answer answer_;
};

WorkerFactory librarian(const Answer& answer) {
  return [answer] { return std::make_unique<Librarian>(std::vector<std::string>{"timm"}, answer); };
}

Error refusal_against(const Answer& answer) {
  return test::refusal_of([&] { named_models({"timm:resnet*"}, librarian(answer)); });
}

TEST(ModelNamesTest, ACatalogueIsTheWordBeforeTheColon) {
  EXPECT_EQ(catalogue_of("timm:resnet50"), "timm");
  EXPECT_EQ(catalogue_of("timm:resnet*"), "timm");
  for (const char* file :
       {"resnet50.onnx", "models/a:b.onnx", "C:model.onnx", "timm:", ":x", "./timm:x"}) {
    EXPECT_FALSE(catalogue_of(file)) << file;
  }
}

TEST(ModelNamesTest, AFileOfSuchANameIsMeantWhereItIsThere) {
  const test::TempTree tree;
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(tree.root());
  tree.write("mine:model", "weights");
  EXPECT_FALSE(catalogue_of("mine:model"));
  EXPECT_EQ(catalogue_of("mine:other"), "mine");
  std::filesystem::current_path(before);
}

TEST(ModelNamesTest, StartsNoWorkerForFiles) {
  const auto start = []() -> std::unique_ptr<Worker> { throw std::logic_error("started"); };
  EXPECT_EQ(named_models({"a.onnx", "b.onnx"}, start), (Models{"a.onnx", "b.onnx"}));
}

TEST(ModelNamesTest, PutsWhatAPatternStandsForInItsPlaceAndEachOnce) {
  const auto start = librarian(Listed{{"timm:resnet18", "timm:resnet50"}});
  EXPECT_EQ(named_models({"a.pt", "timm:resnet*", "b.pt", "timm:resnet18"}, start),
            (Models{"a.pt", "timm:resnet18", "timm:resnet50", "b.pt"}));
}

TEST(ModelNamesTest, AWorkerWithoutTheCatalogueTakesFilesAlone) {
  const auto start = [] {
    return std::make_unique<Librarian>(std::vector<std::string>{}, Answer{Listed{}});
  };
  test::expect_refusal(test::refusal_of([&] { named_models({"timm:resnet50"}, start); }),
                       ErrorCode::unsupported,
                       "timm:resnet50: no such model file, and the worker librarian knows no "
                       "models as 'timm:'; it takes model files alone");
}

TEST(ModelNamesTest, SaysWhatTheWorkerSaysOfANameThatItDoesNotKnow) {
  const Error refusal = refusal_against(WorkerFailure{FailureKind::error, "no model 'resnet5O'"});
  test::expect_refusal(refusal, ErrorCode::invalid_input, "no model 'resnet5O'");
  EXPECT_EQ(refusal_against(WorkerFailure{FailureKind::unavailable, "no timm"}).code(),
            ErrorCode::unsupported);
}

TEST(ModelNamesTest, RefusesNamesOfAnotherCatalogueAndNone) {
  test::expect_refusal(refusal_against(Listed{{"timm:a", "/etc/passwd"}}), ErrorCode::invalid_input,
                       "got others among them");
  test::expect_refusal(refusal_against(Listed{}), ErrorCode::invalid_input, "got none");
}

}  // namespace
}  // namespace wattfor::model_names_test
