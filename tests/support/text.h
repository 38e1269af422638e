#pragma once

#include <gtest/gtest.h>

#include <string_view>

namespace wattfor::test {

// EXPECT_TRUE(has_text(error.what(), "the path")) shows the whole text where it fails.
inline ::testing::AssertionResult has_text(std::string_view text, std::string_view part) {
  if (text.find(part) != std::string_view::npos) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << "expected \"" << part << "\" in \"" << text << "\"";
}

}  // namespace wattfor::test
