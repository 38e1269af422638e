#pragma once

#include "response/attention_test.h"
#include "response/identify.h"

namespace wattfor {

// Takes what a load in step with the updates showed into `found`: the attention where the steps
// told none (a counter, a kind that could not be told), else a note where the two contradict.
void take_attention(AttentionResult test, Identification& found);

}  // namespace wattfor
