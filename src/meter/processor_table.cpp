#include "meter/processor_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <span>
#include <sstream>
#include <string_view>
#include <vector>

namespace wattfor {
namespace {

struct Row {
  std::string_view name;  // whole words of the normalised model name
  double tdp_w;
  int threads;
};

// Estimates: what a package draws while its cores sleep. Of servers about what SPECpower_ssj2008's
// published results show for whole systems at active idle (their I/O dies and memory controllers
// stay awake), of desktops and notebooks half of that. Both lie well inside the uncertainty given
// with them.
constexpr double server_idle_share = 0.3;
constexpr double client_idle_share = 0.15;

// Estimates: TDP is what the cooling is made for, not what a workload draws; at full utilisation
// that depends on the instructions, the clocks and the firmware's power limits.
constexpr double known_model = 0.5;
constexpr double known_series = 0.7;

// The tables of models hold the makers' specification, checked in 2026-11 against
// codecarbon 3.3.2's cpu_power.csv and the makers' exports in that repository.

// TDP and threads: AMD's product specifications (amd.com, "Processor specifications", default TDP).
constexpr auto epyc = std::to_array<Row>({
    // 7001, Naples; those of 155 W with DDR4-2400, 170 W with DDR4-2666
    {"epyc 7251", 120, 16},
    {"epyc 7281", 155, 32},
    {"epyc 7301", 155, 32},
    {"epyc 7351", 155, 32},
    {"epyc 7401", 155, 48},
    {"epyc 7451", 180, 48},
    {"epyc 7501", 155, 64},
    {"epyc 7551", 180, 64},
    {"epyc 7601", 180, 64},
    // 7002, Rome
    {"epyc 7252", 120, 16},
    {"epyc 7262", 155, 16},
    {"epyc 7272", 120, 24},
    {"epyc 7282", 120, 32},
    {"epyc 7302", 155, 32},
    {"epyc 7352", 155, 48},
    {"epyc 7402", 180, 48},
    {"epyc 7452", 155, 64},
    {"epyc 7502", 180, 64},
    {"epyc 7532", 200, 64},
    {"epyc 7542", 225, 64},
    {"epyc 7552", 200, 96},
    {"epyc 7642", 225, 96},
    {"epyc 7662", 225, 128},
    {"epyc 7702", 200, 128},
    {"epyc 7742", 225, 128},
    {"epyc 7h12", 280, 128},
    {"epyc 7f32", 180, 16},
    {"epyc 7f52", 240, 32},
    {"epyc 7f72", 240, 48},
    // 7003, Milan
    {"epyc 7313", 155, 32},
    {"epyc 7343", 190, 32},
    {"epyc 7413", 180, 48},
    {"epyc 7443", 200, 48},
    {"epyc 7453", 225, 56},
    {"epyc 7513", 200, 64},
    {"epyc 7543", 225, 64},
    {"epyc 7643", 225, 96},
    {"epyc 7663", 240, 112},
    {"epyc 7713", 225, 128},
    {"epyc 7763", 280, 128},
    {"epyc 72f3", 180, 16},
    {"epyc 73f3", 240, 32},
    {"epyc 74f3", 240, 48},
    {"epyc 75f3", 280, 64},
    {"epyc 7373x", 240, 32},
    {"epyc 7473x", 240, 48},
    {"epyc 7573x", 280, 64},
    {"epyc 7773x", 280, 128},
    // 9004, Genoa and Bergamo
    {"epyc 9124", 200, 32},
    {"epyc 9174f", 320, 32},
    {"epyc 9184x", 320, 32},
    {"epyc 9224", 200, 48},
    {"epyc 9254", 200, 48},
    {"epyc 9274f", 320, 48},
    {"epyc 9334", 210, 64},
    {"epyc 9354", 280, 64},
    {"epyc 9374f", 320, 64},
    {"epyc 9384x", 320, 64},
    {"epyc 9454", 290, 96},
    {"epyc 9474f", 360, 96},
    {"epyc 9534", 280, 128},
    {"epyc 9554", 360, 128},
    {"epyc 9634", 290, 168},
    {"epyc 9654", 360, 192},
    {"epyc 9684x", 400, 192},
    {"epyc 9734", 340, 224},
    {"epyc 9754", 360, 256},
    // 9005, Turin
    {"epyc 9015", 125, 16},
    {"epyc 9115", 125, 32},
    {"epyc 9135", 200, 32},
    {"epyc 9175f", 320, 32},
    {"epyc 9255", 200, 48},
    {"epyc 9275f", 320, 48},
    {"epyc 9335", 210, 64},
    {"epyc 9355", 280, 64},
    {"epyc 9365", 300, 72},
    {"epyc 9375f", 320, 64},
    {"epyc 9455", 300, 96},
    {"epyc 9475f", 400, 96},
    {"epyc 9535", 300, 128},
    {"epyc 9555", 360, 128},
    {"epyc 9565", 400, 144},
    {"epyc 9575f", 400, 128},
    {"epyc 9645", 320, 192},
    {"epyc 9655", 400, 192},
    {"epyc 9745", 400, 256},
    {"epyc 9755", 500, 256},
    {"epyc 9825", 390, 288},
    {"epyc 9845", 390, 320},
    {"epyc 9965", 500, 384},
    // 4004 and 4005, the desktop chips; PX has a larger cache
    {"epyc 4124", 65, 8},
    {"epyc 4244", 65, 12},
    {"epyc 4245", 65, 12},
    {"epyc 4344", 65, 16},
    {"epyc 4345", 65, 16},
    {"epyc 4364", 105, 16},
    {"epyc 4464", 65, 24},
    {"epyc 4465", 65, 24},
    {"epyc 4484px", 120, 24},
    {"epyc 4545", 65, 32},
    {"epyc 4564", 170, 32},
    {"epyc 4565", 170, 32},
    {"epyc 4584px", 120, 32},
    {"epyc 4585px", 170, 32},
    // 8004, Siena; PN is tuned for less power
    {"epyc 8024", 90, 16},
    {"epyc 8024pn", 80, 16},
    {"epyc 8124", 125, 32},
    {"epyc 8124pn", 100, 32},
    {"epyc 8224", 160, 48},
    {"epyc 8224pn", 120, 48},
    {"epyc 8324", 180, 64},
    {"epyc 8324pn", 130, 64},
    {"epyc 8434", 200, 96},
    {"epyc 8434pn", 155, 96},
    {"epyc 8534", 200, 128},
    {"epyc 8534pn", 175, 128},
});

// TDP ("processor base power" since 2021) and threads: Intel's product specifications
// (ark.intel.com).
constexpr auto xeon = std::to_array<Row>({
    // E5 v3 and v4, Haswell and Broadwell
    {"xeon e5-2630 v3", 85, 16},
    {"xeon e5-2640 v3", 90, 16},
    {"xeon e5-2650 v3", 105, 20},
    {"xeon e5-2660 v3", 105, 20},
    {"xeon e5-2670 v3", 120, 24},
    {"xeon e5-2680 v3", 120, 24},
    {"xeon e5-2690 v3", 135, 24},
    {"xeon e5-2698 v3", 135, 32},
    {"xeon e5-2699 v3", 145, 36},
    {"xeon e5-2620 v4", 85, 16},
    {"xeon e5-2630 v4", 85, 20},
    {"xeon e5-2640 v4", 90, 20},
    {"xeon e5-2650 v4", 105, 24},
    {"xeon e5-2660 v4", 105, 28},
    {"xeon e5-2680 v4", 120, 28},
    {"xeon e5-2690 v4", 135, 28},
    {"xeon e5-2695 v4", 120, 36},
    {"xeon e5-2697 v4", 145, 36},
    {"xeon e5-2698 v4", 135, 40},
    {"xeon e5-2699 v4", 145, 44},
    // First and second Scalable, Skylake and Cascade Lake
    {"xeon silver 4110", 85, 16},
    {"xeon silver 4114", 85, 20},
    {"xeon silver 4116", 85, 24},
    {"xeon silver 4208", 85, 16},
    {"xeon silver 4210", 85, 20},
    {"xeon silver 4214", 85, 24},
    {"xeon silver 4216", 100, 32},
    {"xeon gold 6126", 125, 24},
    {"xeon gold 6130", 125, 32},
    {"xeon gold 6132", 140, 28},
    {"xeon gold 6136", 150, 24},
    {"xeon gold 6138", 125, 40},
    {"xeon gold 6140", 140, 36},
    {"xeon gold 6142", 150, 32},
    {"xeon gold 6148", 150, 40},
    {"xeon gold 6152", 140, 44},
    {"xeon gold 6154", 200, 36},
    {"xeon gold 6226r", 150, 32},
    {"xeon gold 6230", 125, 40},
    {"xeon gold 6230r", 150, 52},
    {"xeon gold 6238", 140, 44},
    {"xeon gold 6240", 150, 36},
    {"xeon gold 6242", 150, 32},
    {"xeon gold 6248", 150, 40},
    {"xeon gold 6248r", 205, 48},
    {"xeon gold 6252", 150, 48},
    {"xeon gold 6254", 200, 36},
    {"xeon gold 6258r", 205, 56},
    {"xeon platinum 8160", 150, 48},
    {"xeon platinum 8168", 205, 48},
    {"xeon platinum 8180", 205, 56},
    {"xeon platinum 8260", 165, 48},
    {"xeon platinum 8268", 205, 48},
    {"xeon platinum 8270", 205, 52},
    {"xeon platinum 8276", 165, 56},
    {"xeon platinum 8280", 205, 56},
    // Third, Ice Lake
    {"xeon silver 4310", 120, 24},
    {"xeon silver 4314", 135, 32},
    {"xeon silver 4316", 150, 40},
    {"xeon gold 6330", 205, 56},
    {"xeon gold 6338", 205, 64},
    {"xeon gold 6342", 230, 48},
    {"xeon gold 6346", 205, 32},
    {"xeon gold 6348", 235, 56},
    {"xeon gold 6354", 205, 36},
    {"xeon platinum 8352y", 205, 64},
    {"xeon platinum 8358", 250, 64},
    {"xeon platinum 8360y", 250, 72},
    {"xeon platinum 8368", 270, 76},
    {"xeon platinum 8380", 270, 80},
    // Fourth and fifth, Sapphire and Emerald Rapids
    {"xeon gold 6430", 270, 64},
    {"xeon gold 6438y+", 205, 64},
    {"xeon gold 6442y", 225, 48},
    {"xeon gold 6448y", 225, 64},
    {"xeon gold 6454s", 270, 64},
    {"xeon platinum 8460y+", 300, 80},
    {"xeon platinum 8462y+", 300, 64},
    {"xeon platinum 8468", 350, 96},
    {"xeon platinum 8470", 350, 104},
    {"xeon platinum 8480+", 350, 112},
    {"xeon platinum 8490h", 350, 120},
    {"xeon gold 6530", 270, 64},
    {"xeon gold 6548y+", 250, 64},
    {"xeon platinum 8558", 330, 96},
    {"xeon platinum 8568y+", 350, 96},
    {"xeon platinum 8580", 350, 120},
    {"xeon platinum 8592+", 350, 128},
    // Xeon 6, Granite Rapids
    {"xeon 6767p", 350, 128},
    {"xeon 6787p", 350, 172},
    {"xeon 6960p", 500, 144},
    {"xeon 6972p", 500, 192},
    {"xeon 6980p", 500, 256},
});

// The makers' pages as above.
constexpr auto client = std::to_array<Row>({
    {"ryzen 9 3950x", 105, 32},
    {"ryzen 7 3700x", 65, 16},
    {"ryzen 5 3600x", 95, 12},
    {"ryzen 5 5600x", 65, 12},
    {"ryzen 7 5700x", 65, 16},
    {"ryzen 9 5900x", 105, 24},
    {"ryzen 9 5950x", 105, 32},
    {"ryzen 7 7800x3d", 120, 16},
    {"ryzen 9 7900x", 170, 24},
    {"ryzen 9 7950x", 170, 32},
    {"ryzen 9 7950x3d", 120, 32},
    {"ryzen 5 9600x", 65, 12},
    {"ryzen 7 9700x", 65, 16},
    {"ryzen 7 9800x3d", 120, 16},
    {"ryzen 9 9900x", 120, 24},
    {"ryzen 9 9950x", 170, 32},
    {"threadripper 2990wx", 250, 64},
    {"threadripper 3960x", 280, 48},
    {"threadripper 3970x", 280, 64},
    {"threadripper 3990x", 280, 128},
    {"threadripper pro 3995wx", 280, 128},
    {"threadripper pro 5965wx", 280, 48},
    {"threadripper pro 5975wx", 280, 64},
    {"threadripper pro 5995wx", 280, 128},
    {"threadripper 7960x", 350, 48},
    {"threadripper 7970x", 350, 64},
    {"threadripper 7980x", 350, 128},
    {"threadripper pro 7965wx", 350, 48},
    {"threadripper pro 7975wx", 350, 64},
    {"threadripper pro 7985wx", 350, 128},
    {"threadripper pro 7995wx", 350, 192},
    {"threadripper 9960x", 350, 48},
    {"threadripper 9970x", 350, 64},
    {"threadripper 9980x", 350, 128},
    {"threadripper pro 9995wx", 350, 192},
    {"i7-6700k", 91, 8},
    {"i7-7700k", 91, 8},
    {"i7-8700k", 95, 12},
    {"i9-9900k", 95, 16},
    {"i9-10900k", 125, 20},
    {"i9-12900k", 125, 24},
    {"i9-13900k", 125, 32},
    {"i9-14900k", 125, 32},
    {"ultra 7 155h", 28, 22},
    {"ultra 7 265k", 125, 20},
    {"ultra 9 285k", 125, 24},
});

// Series whose members differ, and what hypervisors call a processor that they do not name ("AMD
// EPYC Processor", "Intel Xeon Processor (Skylake, IBRS)"): a member from the middle, as what
// counts is the power of a thread (EPYC 1.3 to 3.1 W, many-core Xeon 3.0 to 4.0 W).
constexpr auto server_series = std::to_array<Row>({
    {"epyc", 280, 128},
    {"epyc-rome", 225, 128},
    {"epyc-milan", 280, 128},
    {"epyc-genoa", 360, 192},
    {"epyc-turin", 400, 192},
    // Small boards' processors, before the large ones that share the name.
    {"xeon d-", 60, 16},
    {"xeon", 205, 56},
    // One thread a core. Ampere's data sheets of Altra (80 cores, 210 W) and AmpereOne (192, 350
    // W); Amazon publishes none for Graviton: a core of Neoverse V1 or V2 is taken at 1.6 to 2 W,
    // which a Grace (72 of V2 at 250 W with memory) does not contradict.
    {"neoverse-n1", 210, 80},
    {"neoverse-n2", 250, 128},
    {"neoverse-v1", 100, 64},
    {"neoverse-v2", 190, 96},
    {"ampere-1", 350, 192},
    {"ampere-1a", 350, 192},
});
// Large sockets whose models' letters are those of desktop chips.
constexpr auto workstation_series = std::to_array<Row>({{"threadripper", 280, 64}});
constexpr auto board_series = std::to_array<Row>({
    // Boards such as Raspberry Pi 3, 4 and 5 at full load.
    {"cortex-a53", 4, 4},
    {"cortex-a72", 6, 4},
    {"cortex-a76", 9, 4},
    {"atom", 10, 4},
    {"celeron", 15, 4},
    {"pentium", 35, 4},
});

// The letters behind a client processor's number name its class of power. The threads only matter
// in a virtual machine.
struct Suffix {
  std::string_view letters;
  double tdp_w;
};
constexpr auto core_suffixes = std::to_array<Suffix>({{"", 65},
                                                      {"f", 65},
                                                      {"k", 125},
                                                      {"kf", 125},
                                                      {"ks", 150},
                                                      {"x", 165},
                                                      {"h", 45},
                                                      {"hk", 45},
                                                      {"hq", 45},
                                                      {"hx", 55},
                                                      {"p", 28},
                                                      {"t", 35},
                                                      {"u", 15},
                                                      {"y", 7}});
constexpr auto ryzen_suffixes = std::to_array<Suffix>({{"", 65},
                                                       {"x", 105},
                                                       {"xt", 105},
                                                       {"x3d", 105},
                                                       {"g", 65},
                                                       {"ge", 35},
                                                       {"h", 45},
                                                       {"hs", 35},
                                                       {"hx", 55},
                                                       {"u", 15}});
constexpr int usual_client_threads = 16;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "Intel(R) Xeon(R) Gold 6248 CPU @ 2.50GHz" → intel, xeon, gold, 6248, 2.50ghz.
std::vector<std::string> words_of(const std::string& cpu) {
  std::string text;
  for (const char c : cpu) {
    text += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  for (const std::string_view mark : {"(r)", "(tm)", "@", ",", "(", ")"}) {
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark)) {
      text.replace(at, mark.size(), " ");
    }
  }
  std::vector<std::string> words;
  std::istringstream stream(text);
  for (std::string word; stream >> word;) {
    if (word != "cpu" && word != "processor") words.push_back(word);
  }
  return words;
}

// A name that ends in a hyphen is the beginning of a word.
bool has_words(const std::string& text, std::string_view words) {
  const std::string_view end = words.ends_with('-') ? "" : " ";
  return text.find(fmt::format(" {}{}", words, end)) != std::string::npos;
}

Processor processor(const Row& row, double idle_share, double uncertainty) {
  return {.name = std::string(row.name),
          .tdp = Watts(row.tdp_w),
          .threads = row.threads,
          .power_goes_with_threads = false,
          .idle_share = idle_share,
          .uncertainty = uncertainty};
}

const Row* find_row(const std::string& text, std::span<const Row> rows) {
  const auto found =
      std::ranges::find_if(rows, [&](const Row& row) { return has_words(text, row.name); });
  return found == rows.end() ? nullptr : &*found;
}

// AMD marks single-socket models with a P behind the number; nothing else differs. Intel's P models
// are other processors.
const Row* find_epyc(const std::string& text) {
  const auto found = std::ranges::find_if(epyc, [&](const Row& row) {
    return has_words(text, row.name) || has_words(text, fmt::format("{}p", row.name));
  });
  return found == epyc.end() ? nullptr : &*found;
}

std::optional<Processor> by_suffix(std::string_view number, std::span<const Suffix> suffixes) {
  const auto digits_end = std::ranges::find_if_not(number, is_digit);
  const auto digits = digits_end - number.begin();
  if (digits != 4 && digits != 5) return std::nullopt;
  const auto suffix = std::ranges::find(suffixes, number.substr(digits), &Suffix::letters);
  if (suffix == suffixes.end()) return std::nullopt;
  return processor(
      {.name = "by its number", .tdp_w = suffix->tdp_w, .threads = usual_client_threads},
      client_idle_share, known_series);
}

// "i7-12700h"; "ryzen 7 pro 5850u".
std::optional<Processor> find_by_suffix(const std::vector<std::string>& words) {
  bool ryzen = false;
  for (const std::string_view word : words) {
    const bool core = word.size() > 3 && word[0] == 'i' && is_digit(word[1]) && word[2] == '-';
    ryzen = ryzen || word == "ryzen";
    const auto found = core    ? by_suffix(word.substr(3), core_suffixes)
                       : ryzen ? by_suffix(word, ryzen_suffixes)
                               : std::nullopt;
    if (found) return found;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Processor> find_processor(const std::string& cpu) {
  const std::vector<std::string> words = words_of(cpu);
  const std::string text = fmt::format(" {} ", fmt::join(words, " "));
  if (const Row* row = find_epyc(text)) return processor(*row, server_idle_share, known_model);
  if (const Row* row = find_row(text, xeon)) {
    return processor(*row, server_idle_share, known_model);
  }
  if (const Row* row = find_row(text, client)) {
    return processor(*row, client_idle_share, known_model);
  }
  if (const Row* row = find_row(text, workstation_series)) {
    return processor(*row, client_idle_share, known_series);
  }
  if (const auto found = find_by_suffix(words)) return found;
  if (const Row* row = find_row(text, server_series)) {
    Processor series = processor(*row, server_idle_share, known_series);
    series.power_goes_with_threads = true;
    return series;
  }
  if (const Row* row = find_row(text, board_series)) {
    return processor(*row, client_idle_share, known_series);
  }
  return std::nullopt;
}

}  // namespace wattfor
