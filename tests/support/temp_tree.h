#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace wattfor::test {

// A folder of the test's own, removed at the end: a fake /sys, a place for stores.
class TempTree {
 public:
  TempTree() {
    std::string pattern = (std::filesystem::temp_directory_path() / "wattfor-test-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
    root_ = pattern;
  }
  TempTree(const TempTree&) = delete;
  TempTree& operator=(const TempTree&) = delete;
  ~TempTree() {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }

  const std::filesystem::path& root() const { return root_; }
  std::filesystem::path operator/(std::string_view path) const { return root_ / path; }

  // Makes the folders on the way.
  void write(std::string_view path, std::string_view text) const {
    const auto target = root_ / path;
    std::filesystem::create_directories(target.parent_path());
    std::ofstream(target, std::ios::binary) << text;
  }

  // A file that exists and can't be read, also by root: a folder of that name.
  void make_unreadable(std::string_view path) const {
    std::filesystem::remove(root_ / path);
    std::filesystem::create_directories(root_ / path);
  }

 private:
  std::filesystem::path root_;
};

}  // namespace wattfor::test
