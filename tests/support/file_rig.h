#pragma once

#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "base/attribute_file.h"
#include "support/fault_rig.h"
#include "support/temp_tree.h"

namespace wattfor::test {

// A probe that reads a file in a folder of its own. `text` makes the file's content of a reading.
class FileRig final : public FaultRig {
 public:
  struct Source {
    SensorKind kind = SensorKind::energy_counter;
    std::optional<Joules> counter_range;
    std::string file;  // below the root
    std::function<void(const TempTree&)> compose;
    std::function<std::string(Joules, Watts)> text;
    std::function<std::unique_ptr<Device>(const TempTree&)> find;
  };

  explicit FileRig(Source source) : source_(std::move(source)) {
    source_.compose(tree_);
    current() = this;
    set_attribute_read(read_or_fail);
  }
  FileRig(const FileRig&) = delete;
  FileRig& operator=(const FileRig&) = delete;
  ~FileRig() override {
    set_attribute_read(nullptr);
    current() = nullptr;
  }

  SensorKind kind() const override { return source_.kind; }
  std::optional<Joules> counter_range() const override { return source_.counter_range; }
  std::unique_ptr<Device> find() override { return source_.find(tree_); }

  void show(Joules energy, Watts power) override {
    text_ = source_.text(energy, power);
    write();
  }

  void put(SourceFault fault) override {
    fault_ = fault;
    if (fault == SourceFault::vanished) std::filesystem::remove(tree_ / source_.file);
    write();
  }

  void before_next_read(std::function<void()> action) override { before_ = std::move(action); }

 private:
  static FileRig*& current() {
    static FileRig* rig = nullptr;
    return rig;
  }

  // An open file of sysfs fails once its device is gone; a file of a test's does not.
  static ssize_t read_or_fail(int file, void* text, std::size_t length, off_t offset) {
    FileRig& rig = *current();
    if (rig.before_) std::exchange(rig.before_, nullptr)();
    switch (rig.fault_) {
      case SourceFault::error_code:
        errno = EIO;
        return -1;
      case SourceFault::permission_lost:
        errno = EACCES;
        return -1;
      case SourceFault::vanished:
        errno = ENODEV;
        return -1;
      default:
        return ::pread(file, text, length, offset);
    }
  }

  void write() const {
    switch (fault_) {
      case SourceFault::garbage:
        tree_.write(source_.file, "\x7f\x01 not a number\n");
        break;
      case SourceFault::empty:
        tree_.write(source_.file, "");
        break;
      case SourceFault::vanished:
        break;
      default:
        tree_.write(source_.file, text_);
    }
  }

  Source source_;
  TempTree tree_;
  std::string text_;
  SourceFault fault_ = SourceFault::none;
  std::function<void()> before_;
};

}  // namespace wattfor::test
