#include "base/shared_library.h"

#include <gtest/gtest.h>

#include <utility>

#include "base/error.h"
#include "support/refusal.h"
#include "support/temp_tree.h"

namespace wattfor::shared_library_test {
namespace {

TEST(SharedLibraryTest, CallsASymbolOfALibraryThatTheLoaderLooksUp) {
  const SharedLibrary library("libm.so.6");
  auto* cosine = library.symbol<double(double)>("cos");
  ASSERT_NE(cosine, nullptr);
  EXPECT_EQ(cosine(0.0), 1.0);
}

TEST(SharedLibraryTest, AnswersNullForASymbolThatIsMissing) {
  const SharedLibrary library("libm.so.6");
  EXPECT_EQ(library.symbol<void()>("wattfor_has_no_such_symbol"), nullptr);
}

TEST(SharedLibraryTest, NamesTheLibraryThatIsNotThere) {
  test::expect_refusal(
      test::refusal_of([] { const SharedLibrary library("libwattfor-no-such.so.1"); }),
      ErrorCode::not_found, "libwattfor-no-such.so.1");
}

TEST(SharedLibraryTest, RefusesAFileThatIsNoLibrary) {
  const test::TempTree tree;
  tree.write("libgarbage.so", "this is not ELF");
  EXPECT_THROW(SharedLibrary(tree / "libgarbage.so"), Error);
}

TEST(SharedLibraryTest, DoesNotTakeAnEmptyNameForTheProgramItself) {
  EXPECT_THROW(SharedLibrary(""), Error);
}

TEST(SharedLibraryTest, MovesWithItsSymbols) {
  SharedLibrary from("libm.so.6");
  SharedLibrary to(std::move(from));
  EXPECT_NE(to.symbol<double(double)>("sqrt"), nullptr);
  SharedLibrary third("libc.so.6");
  third = std::move(to);
  EXPECT_NE(third.symbol<double(double)>("sqrt"), nullptr);
}

}  // namespace
}  // namespace wattfor::shared_library_test
