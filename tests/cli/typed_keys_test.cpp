#include "cli/typed_keys.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace wattfor::cli::typed_keys_test {
namespace {

// Characters as they are, keys as ^ v U D.
std::string typed(std::string_view bytes) {
  std::string text;
  for (const Typed& key : typed_keys(bytes)) {
    text += key.character != '\0' ? key.character : "^vUD"[static_cast<int>(key.key)];
  }
  return text;
}

TEST(TypedKeysTest, KnowsTheCursorKeysInBothModes) {
  EXPECT_EQ("^v^vUDq", typed("\033[A\033[B\033OA\033OB\033[5~\033[6~q"));
}

TEST(TypedKeysTest, TakesAnUnknownSequenceForNoKeyAtAll) {
  EXPECT_EQ("q", typed("\033[15~q"));        // F5
  EXPECT_EQ("q", typed("\033OPq"));          // F1
  EXPECT_EQ("q", typed("\033[1;5Aq"));       // Ctrl and up
  EXPECT_EQ("q", typed("\033[<0;10;20Mq"));  // a mouse
  EXPECT_EQ("", typed("\033"));
  EXPECT_EQ("", typed("\033[15"));
}

TEST(TypedKeysTest, ObeysNoLetterOfAPastedText) {
  EXPECT_EQ("p", typed("\033[200~quit\033[201~p"));
  EXPECT_EQ("", typed("\033[200~q"));
}

}  // namespace
}  // namespace wattfor::cli::typed_keys_test
