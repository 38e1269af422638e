#include "report/column_answer.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <utility>

#include "measurement/json.h"

namespace wattfor {
namespace {

static_assert(std::endian::native == std::endian::little, "columns are written as they lie");

constexpr std::size_t alignment = 8;

void pad(std::string& bytes, char with) {
  bytes.append((alignment - bytes.size() % alignment) % alignment, with);
}

template <class Value>
std::string_view bytes_of(std::span<const Value> values) {
  return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

}  // namespace

void ColumnAnswer::add(std::string_view name, std::span<const double> numbers,
                       nlohmann::json tags) {
  if (std::ranges::all_of(numbers, [](double number) { return std::isnan(number); })) return;
  assert(numbers.size() == rows_);
  add(name, "f64", bytes_of(numbers), std::move(tags));
}

void ColumnAnswer::add(std::string_view name, std::span<const std::uint32_t> numbers) {
  assert(numbers.size() == rows_);
  add(name, "u32", bytes_of(numbers));
}

void ColumnAnswer::add(std::string_view name, const std::vector<bool>& truths) {
  assert(truths.size() == rows_);
  std::string bytes(truths.size(), '\0');
  std::ranges::copy(truths, bytes.begin());
  add(name, "u8", bytes);
}

void ColumnAnswer::add(std::string_view name, std::span<const std::string_view> texts) {
  assert(texts.size() == rows_);
  std::vector<std::uint32_t> ends{0};
  ends.reserve(texts.size() + 1);
  for (const std::string_view text : texts) {
    ends.push_back(ends.back() + static_cast<std::uint32_t>(text.size()));
  }
  std::string bytes(bytes_of(std::span<const std::uint32_t>(ends)));
  bytes.reserve(bytes.size() + ends.back());
  for (const std::string_view text : texts) bytes += text;
  add(name, "text", bytes);
}

void ColumnAnswer::add(std::string_view name, std::span<const std::uint16_t> places,
                       const std::vector<std::string>& words) {
  assert(places.size() == rows_ && words.size() < no_word);
  if (std::ranges::all_of(places, [](std::uint16_t place) { return place == no_word; })) return;
  add(name, "word", bytes_of(places), {{"words", words}});
}

void ColumnAnswer::add(std::string_view name, std::string_view type, std::string_view column,
                       nlohmann::json tags) {
  tags.update({{"name", name}, {"type", type}, {"offset", body_.size()}, {"bytes", column.size()}});
  columns_.push_back(std::move(tags));
  body_ += column;
  pad(body_, '\0');
}

std::string ColumnAnswer::bytes(nlohmann::json head) const {
  head.update({{"rows", rows_}, {"columns", columns_}});
  std::string text = dump(head);
  pad(text, ' ');  // what comes before it fills one alignment
  const auto length = static_cast<std::uint32_t>(text.size());
  std::string answer = "WFC1";
  answer += bytes_of(std::span(&length, 1));
  answer.reserve(answer.size() + text.size() + body_.size());
  answer += text;
  answer += body_;
  return answer;
}

}  // namespace wattfor
