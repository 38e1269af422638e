#include "response/default_profiles.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <initializer_list>

namespace wattfor {
namespace {

constexpr Seconds milliseconds(double count) { return Seconds(count * 1e-3); }

constexpr std::array profiles{
    DefaultProfile{"kepler-maxwell", "K80, M60 and others that follow slowly, by an unknown time",
                   milliseconds(100)},
    DefaultProfile{"m40", "Tesla M40", milliseconds(31), milliseconds(14)},
    DefaultProfile{"pascal-volta", "P100, V100, GTX 10", milliseconds(20), milliseconds(10)},
    DefaultProfile{"turing", "RTX 20, GTX 16, TITAN RTX", milliseconds(100), milliseconds(100)},
    DefaultProfile{"rtx-8000", "Quadro RTX 8000", milliseconds(100), milliseconds(20)},
    DefaultProfile{"a100-instant", "A100, A800, A30: every reading", milliseconds(100),
                   milliseconds(25)},
    DefaultProfile{"rtx-ampere-instant", "RTX 30, A10, A40, A6000: power.draw.instant",
                   milliseconds(100), milliseconds(100)},
    DefaultProfile{"rtx-ampere-average", "RTX 30, A10, A40, A6000: power.draw.average, power.draw",
                   milliseconds(100), milliseconds(1000)},
    DefaultProfile{"ada-instant", "RTX 40, L4, L40: power.draw.instant", milliseconds(100),
                   milliseconds(100)},
    DefaultProfile{"ada-average", "RTX 40, L4, L40: power.draw.average, power.draw",
                   milliseconds(100), milliseconds(1000)},
    DefaultProfile{"h100-instant", "H100: power.draw.instant", milliseconds(100), milliseconds(25)},
    DefaultProfile{"gh200-instant", "GH200: power.draw.instant", milliseconds(100),
                   milliseconds(20)},
    DefaultProfile{"h100-average", "H100, GH200: power.draw.average, power.draw", milliseconds(100),
                   milliseconds(1000)}};

bool is_part_of_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// As a word of its own: "A100" is in "NVIDIA A100-SXM4-80GB" and not in "NVIDIA RTX A1000". A "#"
// stands for a digit: "RTX 30##" is in "GeForce RTX 3090 Ti".
bool names(std::string_view board, std::string_view word) {
  const auto same = [](char asked, char found) {
    return asked == '#' ? found >= '0' && found <= '9' : asked == found;
  };
  for (std::size_t at = 0; at + word.size() <= board.size(); ++at) {
    const auto end = at + word.size();
    const bool starts = at == 0 || !is_part_of_word(board[at - 1]);
    const bool ends = end == board.size() || !is_part_of_word(board[end]);
    if (starts && ends && std::ranges::equal(word, board.substr(at, word.size()), same)) {
      return true;
    }
  }
  return false;
}

bool names_any(std::string_view board, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return names(board, word); });
}

// The one Ampere chip whose readings are not averaged over a second.
bool is_ga100(std::string_view board) { return names_any(board, {"A100", "A800", "A30"}); }

// By name, which stands in the table.
std::string_view profile_name(GpuGeneration generation, std::string_view board,
                              PowerReading reading) {
  const bool instant = reading == PowerReading::instant;
  if (names(board, "M40")) return "m40";
  if (names(board, "RTX 8000")) return "rtx-8000";
  switch (generation) {
    case GpuGeneration::kepler:
    case GpuGeneration::maxwell:
      return "kepler-maxwell";
    case GpuGeneration::pascal:
    case GpuGeneration::volta:
      return "pascal-volta";
    case GpuGeneration::turing:
      return "turing";
    case GpuGeneration::ampere:
      if (is_ga100(board)) return "a100-instant";
      return instant ? "rtx-ampere-instant" : "rtx-ampere-average";
    case GpuGeneration::ada:
      return instant ? "ada-instant" : "ada-average";
    case GpuGeneration::hopper:
      if (names(board, "H200") || names(board, "H20")) return "";  // nothing is published of these
      if (!instant) return "h100-average";
      return names(board, "GH200") ? "gh200-instant" : "h100-instant";
  }
  return "";
}

}  // namespace

std::span<const DefaultProfile> default_profiles() { return profiles; }

const DefaultProfile* default_profile(std::string_view name) {
  const auto found = std::ranges::find(profiles, name, &DefaultProfile::name);
  return found == profiles.end() ? nullptr : &*found;
}

const DefaultProfile* default_profile(GpuGeneration generation, std::string_view board,
                                      PowerReading reading) {
  return default_profile(profile_name(generation, board, reading));
}

std::optional<GpuGeneration> generation_of(std::string_view board) {
  struct Word {
    std::string_view word;
    GpuGeneration generation;
  };
  using enum GpuGeneration;
  // The first that fits: "RTX 4000 Ada Generation" is no Turing board.
  constexpr std::array table{Word{"H100", hopper},
                             Word{"H800", hopper},
                             Word{"GH200", hopper},
                             Word{"Ada", ada},
                             Word{"L4", ada},
                             Word{"L20", ada},
                             Word{"L40", ada},
                             Word{"L40S", ada},
                             Word{"GeForce RTX 40##", ada},
                             Word{"A100", ampere},
                             Word{"A800", ampere},
                             Word{"A30", ampere},
                             Word{"A2", ampere},
                             Word{"A10", ampere},
                             Word{"A10G", ampere},
                             Word{"A16", ampere},
                             Word{"A40", ampere},
                             Word{"RTX A###", ampere},
                             Word{"RTX A####", ampere},
                             Word{"T4", turing},
                             Word{"TITAN RTX", turing},
                             Word{"GeForce RTX 30##", ampere},
                             Word{"V100", volta},
                             Word{"V100S", volta},
                             Word{"GeForce RTX 20##", turing},
                             Word{"TITAN V", volta},
                             Word{"GTX 16##", turing},
                             Word{"Quadro RTX ####", turing},
                             Word{"P100", pascal},
                             Word{"P40", pascal},
                             Word{"GTX 10##", pascal},
                             Word{"P4", pascal},
                             Word{"P6", pascal},
                             Word{"TITAN Xp", pascal},
                             Word{"M40", maxwell},
                             Word{"M60", maxwell},
                             Word{"M10", maxwell},
                             Word{"GTX 9##", maxwell},
                             Word{"K80", kepler},
                             Word{"K40m", kepler},
                             Word{"K40c", kepler},
                             Word{"K20X", kepler},
                             Word{"K20m", kepler}};
  const auto found =
      std::ranges::find_if(table, [&](const Word& entry) { return names(board, entry.word); });
  if (found == table.end()) return std::nullopt;
  return found->generation;
}

SensorProfile to_profile(const DefaultProfile& profile, const std::string& field) {
  SensorProfile result;
  result.field = field;
  result.origin = fmt::format("default {} ({})", profile.name, profile.boards);
  result.update_period = Uncertain<Seconds>{.value = profile.update_period};
  if (profile.window) {
    result.kind = ResponseKind::boxcar;
    result.window = Uncertain<Seconds>{.value = *profile.window};
  } else {
    result.kind = ResponseKind::exponential;
  }
  return result;
}

}  // namespace wattfor
