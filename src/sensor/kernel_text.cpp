#include "sensor/kernel_text.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <system_error>

#include "base/text.h"
#include "base/unique_fd.h"

namespace wattfor {
namespace {

// The parts of a text between separators.
std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const auto end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return parts;
}

}  // namespace

std::optional<std::string> beginning_of(const std::filesystem::path& path, std::size_t most) {
  // Without O_NONBLOCK, opening a named pipe waits for its writer.
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat facts{};
  if (!file || ::fstat(file.get(), &facts) != 0 || !S_ISREG(facts.st_mode)) return std::nullopt;
  std::string text(most, '\0');
  std::size_t length = 0;
  while (length < most) {
    const ssize_t count = ::read(file.get(), text.data() + length, most - length);
    if (count == 0) break;
    if (count > 0) {
      length += static_cast<std::size_t>(count);
    } else if (errno != EINTR) {
      return std::nullopt;
    }
  }
  text.resize(length);
  return text;
}

std::optional<std::string> kernel_text(const std::filesystem::path& path) {
  auto text = beginning_of(path, longest_kernel_text + 1);
  if (!text || text->size() > longest_kernel_text) return std::nullopt;
  text->erase(text->find_last_not_of(white_space) + 1);
  return text;
}

std::optional<std::int64_t> kernel_number(const std::filesystem::path& path) {
  constexpr std::size_t longest_number = 64;
  const auto text = beginning_of(path, longest_number);
  return text ? whole_number(trimmed(*text)) : std::nullopt;
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::vector<std::string> lines_of(std::string_view text) { return split(text, '\n'); }

std::string value_of(std::string_view text, std::string_view key) {
  for (const std::string& line : lines_of(text)) {
    const std::string_view rest(line);
    if (rest.starts_with(key) && rest.substr(key.size()).starts_with(':')) {
      return std::string(trimmed(rest.substr(key.size() + 1)));
    }
  }
  return "";
}

std::vector<std::filesystem::path> entries_of(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> entries;
  std::error_code error;
  std::filesystem::directory_iterator entry(folder, error);
  while (!error && entry != std::filesystem::directory_iterator()) {
    entries.push_back(entry->path());
    entry.increment(error);
  }
  std::ranges::sort(entries);
  return entries;
}

std::vector<int> listed_numbers(std::string_view list) {
  constexpr std::int64_t most = 65536;  // the kernel's NR_CPUS ends at 8192
  std::vector<int> numbers;
  for (const std::string& part : split(list, ',')) {
    const std::string_view range = trimmed(part);
    const auto dash = range.find('-');
    const auto first = whole_number(range.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : whole_number(range.substr(dash + 1));
    if (!first || !last || *first < 0 || *last < *first || *last >= most) return {};
    for (auto number = *first; number <= *last; ++number)
      numbers.push_back(static_cast<int>(number));
  }
  std::ranges::sort(numbers);
  const auto twins = std::ranges::unique(numbers);
  numbers.erase(twins.begin(), twins.end());
  return numbers;
}

}  // namespace wattfor
