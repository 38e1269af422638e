#include "base/sha256.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <string>

#include "base/error.h"
#include "support/refusal.h"
#include "support/temp_tree.h"

namespace wattfor::sha256_test {
namespace {

// NIST's example values for SHA-256: one block, no bytes, a million letters.
TEST(Sha256Test, AgreesWithThePublishedExamples) {
  const test::TempTree tree;
  tree.write("abc", "abc");
  tree.write("empty", "");
  tree.write("million", std::string(1'000'000, 'a'));
  EXPECT_EQ(sha256_of_file(tree / "abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_of_file(tree / "empty"),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_of_file(tree / "million"),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256Test, OfBytesInMemoryIsThatOfAFileOfThem) {
  EXPECT_EQ(sha256_of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_of(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Sha256Test, NamesTheFileThatIsMissing) {
  test::expect_refusal(test::refusal_of([] { sha256_of_file("/no/such/model.onnx"); }),
                       ErrorCode::not_found, "/no/such/model.onnx");
}

TEST(Sha256Test, RefusesAFolder) {
  const test::TempTree tree;
  EXPECT_THROW(sha256_of_file(tree.root()), Error);
}

TEST(Sha256Test, RefusesAPipeInsteadOfWaitingForItsWriter) {
  const test::TempTree tree;
  ASSERT_EQ(mkfifo((tree / "pipe").c_str(), 0600), 0);
  EXPECT_THROW(sha256_of_file(tree / "pipe"), Error);
}

}  // namespace
}  // namespace wattfor::sha256_test
