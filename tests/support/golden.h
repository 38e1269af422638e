#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace wattfor::test {

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// Compares with tests/golden/<module>/<name> and shows the first line that differs. With
// WATTFOR_UPDATE_GOLDEN set, writes the file instead: look at its difference before committing it.
inline void expect_golden(const std::string& name, const std::string& actual) {
  const auto path = std::filesystem::path(WATTFOR_GOLDEN_DIR) / name;
  if (std::getenv("WATTFOR_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary) << actual;
    return;
  }
  std::ifstream file(path, std::ios::binary);
  std::ostringstream expected;
  expected << file.rdbuf();
  if (expected.str() == actual) return;

  const auto expected_lines = lines_of(expected.str());
  const auto actual_lines = lines_of(actual);
  std::size_t line = 0;
  while (line < expected_lines.size() && line < actual_lines.size() &&
         expected_lines[line] == actual_lines[line]) {
    ++line;
  }
  const auto shown = [&](const std::vector<std::string>& lines) {
    return line < lines.size() ? lines[line] : "(the end)";
  };
  ADD_FAILURE()
      << path << " differs in line " << line + 1 << "\n  expected: " << shown(expected_lines)
      << "\n  actual:   " << shown(actual_lines)
      << "\nIf the new output is right, run again with WATTFOR_UPDATE_GOLDEN=1. All of it:\n"
      << actual;
}

}  // namespace wattfor::test
