#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace wattfor::ort {

// Bytes that this process could still use without the kernel killing somebody: the machine's
// available memory, or what the tightest of its control groups leaves, whichever is less. Absent
// where neither can be read.
std::optional<std::uint64_t> available_memory(const std::filesystem::path& root = "/");

// The most memory this process has held at once, in bytes.
std::optional<double> peak_memory(const std::filesystem::path& root = "/");

// Lets this process's address space grow by at most `bytes` from now on. A larger allocation then
// fails in the library that asked for it, which is an out_of_memory reply instead of the kernel's
// killer.
void limit_address_space_growth(std::uint64_t bytes);

}  // namespace wattfor::ort
