#include "recording/gpu_choice.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/error.h"

namespace wattfor {
namespace {

bool same_letter(char a, char b) {
  return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
}

// "01:00.0" and "0000:01:00.0" for "00000000:01:00.0".
bool names_bus(std::string_view asked, std::string_view bus) {
  return !asked.empty() && asked.find(':') != std::string_view::npos &&
         asked.size() <= bus.size() &&
         std::ranges::equal(asked, bus.substr(bus.size() - asked.size()), same_letter);
}

}  // namespace

bool GpuChoice::is_asked_for(const GpuIdentity& gpu) const {
  return !asked_ || *asked_ == gpu.index || *asked_ == gpu.uuid || *asked_ == gpu.board ||
         names_bus(*asked_, gpu.bus);
}

bool GpuChoice::takes(std::string_view index, std::string_view uuid, std::string_view bus,
                      std::string_view board) {
  for (const Seen& seen : seen_) {
    if (seen.gpu.index == index && seen.gpu.uuid == uuid && seen.gpu.bus == bus &&
        seen.gpu.board == board) {
      return seen.taken;
    }
  }
  Seen seen{.gpu = {.index = std::string(index),
                    .uuid = std::string(uuid),
                    .bus = std::string(bus),
                    .board = std::string(board)}};
  seen.taken = is_asked_for(seen.gpu);
  seen_.push_back(std::move(seen));
  return seen_.back().taken;
}

const GpuIdentity& GpuChoice::chosen(const std::string& file) const {
  const auto taken = std::ranges::count_if(seen_, &Seen::taken);
  if (taken == 1) return std::ranges::find_if(seen_, &Seen::taken)->gpu;
  if (seen_.empty()) {
    throw Error(ErrorCode::invalid_input,
                fmt::format("{}: expected readings below the columns' names; there is none", file));
  }
  if (seen_.size() == 1 && seen_.front().gpu == GpuIdentity{}) {
    throw Error(ErrorCode::invalid_input,
                fmt::format("{}: no column tells which GPU a line is of; expected index, uuid, "
                            "pci.bus_id or name to find --gpu {} by",
                            file, *asked_));
  }
  throw Error(ErrorCode::invalid_input,
              fmt::format("{}: {}; choose one with --gpu ID from: {}", file,
                          taken == 0 ? fmt::format("no line is of the GPU '{}'", *asked_)
                                     : fmt::format("the lines are of {} GPUs", taken),
                          list()));
}

std::string GpuChoice::list() const {
  std::string text;
  for (const auto& [gpu, taken] : seen_) {
    std::string words;
    for (const std::string* word : {&gpu.index, &gpu.uuid, &gpu.bus, &gpu.board}) {
      if (!word->empty()) words += (words.empty() ? "" : " ") + *word;
    }
    text += (text.empty() ? "" : ", ") + (words.empty() ? "(unnamed)" : words);
  }
  return text;
}

}  // namespace wattfor
