#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "measurement/model_table.h"
#include "measurement/names.h"

namespace wattfor {

// What programs count in models.
enum class Counted { parameters, macs, activations };
template <>
inline constexpr std::array enumerators<Counted>{Counted::parameters, Counted::macs,
                                                 Counted::activations};
std::string_view name_of(Counted quantity);
const NumberColumn& column_of(const CounterColumns& counter, Counted quantity);

// A count that can't be right. Programs miss layers of classes that they don't know; they hardly
// invent any.
struct FlawedCount {
  std::size_t row = 0;
  Counted quantity = Counted::macs;
  double value = 0.0;
  // That of another counter, in this one's manner of counting; absent where the number is
  // impossible by itself.
  std::optional<double> expected;
  std::string other_counter;
};

// The flawed counts of one counter, by quantity and row. One kind is not above zero.
//
// Another has fewer than 5 multiply-accumulates of an image for each parameter. A weight is used at
// each place of a feature map or for each token, 49 of them and more; what is published lies below
// 3.2 (NFNet and BiT, whose convolutions have a class of their own) or above 7.8.
//
// The third has less than a fifth of what another counter tells, in this one's manner: counters
// disagree by a factor about what they count, which the median ratio over all models takes out.
std::vector<FlawedCount> flawed_counts(const ModelTable& table, const CounterColumns& counter);

// The architecture's count where the weights have none of their own: what a program counts in one
// holds for the other. Rows of one input size only.
CounterColumns with_architectures(const ModelTable& table, const CounterColumns& counter);

}  // namespace wattfor
