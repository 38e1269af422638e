#pragma once

#include <gtest/gtest.h>

#include "base/error.h"
#include "support/text.h"

namespace wattfor::test {

// The Error that an action ends with; a failure of the test where it ends well.
template <class Action>
Error refusal_of(const Action& action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "nothing was refused";
  return {ErrorCode::io, ""};
}

// The same, with what it has to say.
inline void expect_refusal(const Error& refusal, ErrorCode code, std::string_view words) {
  EXPECT_EQ(code, refusal.code()) << refusal.what();
  EXPECT_TRUE(has_text(refusal.what(), words));
}

}  // namespace wattfor::test
