#include "sensor/ipmi_meter.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <memory>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/program_output.h"
#include "base/text.h"
#include "sensor/external_meter.h"
#include "sensor/kernel_text.h"

namespace wattfor {
namespace {

// A reading takes some 0.05 to 0.5 s, and controllers renew theirs about once a second.
constexpr Seconds dcmi_asked_every{1.0};
constexpr auto dcmi_patience = std::chrono::seconds(5);
// One standard deviation. An estimate: controllers state none.
constexpr double dcmi_gain_uncertainty = 0.03;

// What stands behind a key and a colon; nothing where no line has that key.
std::optional<std::string> dcmi_value(std::string_view text, std::string_view key) {
  for (const std::string& line : lines_of(text)) {
    const std::string_view whole(line);
    const auto colon = whole.find(':');
    if (colon == std::string_view::npos) continue;
    if (trimmed(whole.substr(0, colon)) == key) {
      return std::string(trimmed(whole.substr(colon + 1)));
    }
  }
  return std::nullopt;
}

// Its words, where a program says why it failed: the first line.
std::string first_words(const ProgramOutput& ran) {
  const std::string& said = ran.messages.empty() ? ran.output : ran.messages;
  const auto begin = said.find_first_not_of(" \t\r\n");
  if (begin == std::string::npos) return "without a word";
  return said.substr(begin, said.find_first_of("\r\n", begin) - begin);
}

class IpmiSource final : public MeterSource {
 public:
  explicit IpmiSource(std::vector<std::vector<std::string>> programs)
      : programs_(std::move(programs)) {}

  MeterReply ask() override {
    if (hanging_) return *hanging_;
    while (!programs_.empty()) {
      try {
        const ProgramOutput ran = output_of(programs_.front(), dcmi_patience);
        if (!ran.left_behind) return answer_of(ran);
        return hanging_.emplace(hangs());
      } catch (const Error& error) {
        if (error.code() != ErrorCode::not_found) {
          return MeterFailure{{FailureKind::try_again, error.what()}, ""};
        }
        if (programs_.size() == 1) break;
        programs_.erase(programs_.begin());
      }
    }
    return MeterFailure{
        {FailureKind::try_again, "neither FreeIPMI's ipmi-dcmi nor ipmitool is on the PATH"},
        "sudo apt install freeipmi-tools"};
  }

 private:
  std::string program() const { return fmt::format("{}", fmt::join(programs_.front(), " ")); }

  MeterFailure hangs() const {
    return {{FailureKind::gone,
             fmt::format("`{}` hangs in the kernel and can't be ended; it is not asked again",
                         program())},
            "see what the kernel's log says of its IPMI driver"};
  }

  MeterReply answer_of(const ProgramOutput& ran) const {
    constexpr const char* remedy =
        "run wattfor as root, as the controller is asked through /dev/ipmi0, or let root write the "
        "readings into a file and use csv:FILE";
    if (!ran.status) {
      return MeterFailure{{FailureKind::try_again, fmt::format("`{}` did not answer within {} s",
                                                               program(), dcmi_patience.count())},
                          "see whether the controller answers to the same command by hand"};
    }
    if (ran.status->code != 0 || ran.status->signal != 0) {
      return MeterFailure{
          {FailureKind::try_again, fmt::format("`{}` failed ({}): {}", program(),
                                               ran.status->describe(), first_words(ran))},
          remedy};
    }
    const auto power = parse_dcmi_power(ran.output);
    if (const auto* fault = std::get_if<DcmiFault>(&power)) {
      return MeterFailure{
          {FailureKind::broken, fmt::format("`{}`: {}", program(), fault->reason)},
          "this controller may not measure power; `ipmi-dcmi --get-dcmi-capability-info` tells"};
    }
    return MeterAnswer{.power = std::get<Watts>(power), .energy = std::nullopt};
  }

  std::vector<std::vector<std::string>> programs_;  // the first is the one that is asked
  std::optional<MeterFailure> hanging_;             // once it has hung: each would hang anew
};

}  // namespace

std::variant<Watts, DcmiFault> parse_dcmi_power(std::string_view text) {
  // Printed by ipmi-dcmi.c (FreeIPMI) and by lib/ipmi_dcmi.c (ipmitool).
  auto power = dcmi_value(text, "Current Power");
  auto state = dcmi_value(text, "Power Measurement");
  std::string_view available = "Active";
  if (!power) {
    power = dcmi_value(text, "Instantaneous power reading");
    state = dcmi_value(text, "Power reading state is");
    available = "activated";
  }
  if (!power || !state) {
    return DcmiFault{fmt::format("expected lines with the power and its state, found {:?}",
                                 text.substr(0, 120))};
  }
  if (*state != available) {
    return DcmiFault{fmt::format("the controller says that its measurement is {:?}", *state)};
  }
  int watts = 0;
  const auto [end, error] = std::from_chars(power->data(), power->data() + power->size(), watts);
  const std::string_view unit(end, power->data() + power->size());
  if (error != std::errc() || watts < 0 || (unit != " Watts" && unit != " watts")) {
    return DcmiFault{fmt::format("expected a power in whole Watts, found {:?}", *power)};
  }
  if (watts == 0) return DcmiFault{"it says 0 W of a machine that runs: it does not measure"};
  return Watts(static_cast<double>(watts));
}

ProbeResult find_ipmi_meter(const std::vector<std::vector<std::string>>& programs) {
  const MeterFacts facts{.id = "ipmi",
                         .name = "management controller of this machine",
                         .source = "DCMI power reading",
                         .shortest_pause = dcmi_asked_every,
                         .update_period = dcmi_asked_every,
                         .averaging_window = std::nullopt,
                         .gain_uncertainty = dcmi_gain_uncertainty};
  return find_external_meter(std::make_unique<IpmiSource>(programs), facts);
}

}  // namespace wattfor
