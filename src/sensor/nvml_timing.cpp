#include "sensor/nvml_timing.h"

#include "sensor/nvml_api.h"

namespace wattfor {

namespace {

constexpr Seconds milliseconds(double count) { return Seconds(count * 1e-3); }

bool is_part_of_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// As a word of its own: "A100" is in "NVIDIA A100-SXM4-80GB" and not in "NVIDIA RTX A1000".
bool names(std::string_view board, std::string_view word) {
  for (auto at = board.find(word); at != std::string_view::npos; at = board.find(word, at + 1)) {
    const auto end = at + word.size();
    const bool starts = at == 0 || !is_part_of_word(board[at - 1]);
    if (starts && (end == board.size() || !is_part_of_word(board[end]))) return true;
  }
  return false;
}

// GA100, the one Ampere chip whose readings are not averaged over a second.
bool is_ga100(std::string_view board) {
  return names(board, "A100") || names(board, "A800") || names(board, "A30");
}

NvmlTiming timing(double period_ms, double window_ms) {
  return {milliseconds(period_ms), milliseconds(window_ms)};
}

// Ampere's smaller chips, Ada and Hopper average PowerUsage and field 185 over a second.
bool averages_over_a_second(NvmlQuantity quantity) {
  return quantity == NvmlQuantity::power_average || quantity == NvmlQuantity::power_usage;
}

NvmlTiming power_timing(NvmlQuantity quantity, unsigned architecture, std::string_view board) {
  if (names(board, "M40")) return timing(31, 14);
  if (names(board, "RTX 8000")) return timing(100, 20);
  switch (architecture) {
    case nvml_architecture_pascal:
    case nvml_architecture_volta:
      return timing(20, 10);
    case nvml_architecture_turing:
      return timing(100, 100);
    case nvml_architecture_ampere:
      if (is_ga100(board)) return timing(100, 25);
      return timing(100, averages_over_a_second(quantity) ? 1000 : 100);
    case nvml_architecture_ada:
      return timing(100, averages_over_a_second(quantity) ? 1000 : 100);
    case nvml_architecture_hopper:
      if (averages_over_a_second(quantity)) return timing(100, 1000);
      return timing(100, names(board, "GH200") ? 20 : 25);
    default:
      // Kepler and Maxwell follow like an RC filter and have no window; nothing is published about
      // Blackwell and later.
      return {
          architecture < nvml_architecture_pascal ? std::optional(milliseconds(100)) : std::nullopt,
          std::nullopt};
  }
}

}  // namespace

NvmlTiming nominal_timing(NvmlQuantity quantity, std::optional<unsigned> architecture,
                          std::string_view board) {
  // Reports of the counter's cadence range from 10 ms to 100 ms; the slowest is the safe
  // assumption.
  if (quantity == NvmlQuantity::energy) return {milliseconds(100), std::nullopt};
  if (!architecture || quantity == NvmlQuantity::power_samples) return {};
  return power_timing(quantity, *architecture, board);
}

}  // namespace wattfor
