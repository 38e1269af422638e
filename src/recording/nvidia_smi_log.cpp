#include "recording/nvidia_smi_log.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <functional>
#include <map>
#include <system_error>
#include <utility>
#include <variant>

#include "base/csv.h"
#include "base/error.h"
#include "base/text.h"
#include "recording/gpu_choice.h"
#include "recording/log_time.h"
#include "recording/nvidia_smi_header.h"

namespace wattfor {
namespace {

// No board draws more; what says so, or says less than nothing, was not read.
// Of what stands in a log without being a reading; a program's output may be among it.
constexpr std::size_t most_reasons = 20;
constexpr std::size_t longest_reason = 120;

constexpr Watts most_possible{20'000.0};

// A field that is there and has no number in it: "[N/A]", "[GPU is lost]", "ERR!".
struct NoReading {};
// A field that is no field of watts.
struct Garbled {};
using PowerField = std::variant<Watts, NoReading, Garbled>;

PowerField power_of(std::string_view text) {
  text = trimmed(text);
  if (text.empty() || text.starts_with('[') || text == "ERR!" || text == "N/A") return NoReading{};
  if (text.ends_with('W')) text = trimmed(text.substr(0, text.size() - 1));
  std::string with_point;
  // A field in quotes may have a decimal comma, "56,12"; three digits behind it may be thousands.
  if (const auto comma = text.find(','); comma != std::string_view::npos) {
    const std::size_t behind = text.size() - comma - 1;
    if (behind < 1 || behind > 2) return Garbled{};
    with_point = text;
    with_point[comma] = '.';
    text = with_point;
  }
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return Garbled{};
  const Watts power(value);
  if (!(power >= Watts(0.0) && power <= most_possible)) return NoReading{};
  return power;
}

Error invalid(const std::string& file, int line, const std::string& what) {
  return {ErrorCode::invalid_input, fmt::format("{}:{}: {}", file, line, what)};
}

// One reading of a log's text, of one column.
class LogReader {
 public:
  LogReader(std::string_view text, const std::string& file, const LogChoice& choice)
      : rows_(text, file), file_(file), gpus_(choice.gpu) {
    if (!rows_.read(row_)) {
      throw Error(ErrorCode::invalid_input,
                  fmt::format("{}: empty; expected an nvidia-smi log in CSV", file));
    }
    take_header();
  }

  const LogHeader& header() const { return *header_; }

  NvidiaSmiLog read(const std::string& column) {
    log_.column = column;
    power_ = header_->power(column);
    while (rows_.read(row_)) take_row();
    log_.board = gpus_.chosen(file_).board;
    end_failure(latest_.value_or(Seconds(0.0)));
    write_notes();
    return std::move(log_);
  }

 private:
  void take_header() {
    header_.emplace(row_, file_);
    time_ = *header_->find({"timestamp"});
    identity_ = {header_->find({"index"}), header_->find({"uuid", "gpu_uuid"}),
                 header_->find({"pci.bus_id", "gpu_bus_id"}), header_->find({"name", "gpu_name"})};
    limit_ = header_->find({"enforced.power.limit", "power.limit"});
    if (!log_.column.empty()) power_ = header_->power(log_.column);
  }

  void take_row() {
    const std::size_t fields = row_.fields.size();
    const bool is_whole = fields == header_->size();
    if (is_whole) {
      if (const auto shown = log_time(trimmed(row_.fields[time_]))) {
        take_reading(*shown);
        return;
      }
    }
    const bool same_again = header_->is_repeated_by(row_);
    const bool other_header =
        std::ranges::find(row_.fields, std::string_view("timestamp"), trimmed) != row_.fields.end();
    if (same_again || other_header) {
      ++restarts_;
      if (!same_again) take_header();
    } else if (fields < header_->size()) {
      take_message();
    } else if (fields > header_->size()) {
      throw invalid(file_, row_.line,
                    fmt::format("{} fields where the header names {} columns: a decimal comma "
                                "(56,12) would do that; write the log with LC_ALL=C, or put such "
                                "numbers in quotes",
                                fields, header_->size()));
    } else {
      throw invalid(file_, row_.line,
                    fmt::format("'{}' is no time; expected one such as 2023/07/14 10:12:46.483: "
                                "mend or remove the line",
                                row_.fields[time_]));
    }
  }

  std::string_view field(std::optional<std::size_t> column) const {
    return column ? trimmed(row_.fields[*column]) : std::string_view();
  }

  void take_reading(Seconds shown) {
    if (!gpus_.takes(field(identity_[0]), field(identity_[1]), field(identity_[2]),
                     field(identity_[3]))) {
      return;
    }
    const Seconds time = clock_.continued(shown);
    if (latest_ && time < *latest_) go_back_to(time);
    latest_ = time;
    if (limit_) {
      const PowerField limit = power_of(row_.fields[*limit_]);
      if (const auto* watts = std::get_if<Watts>(&limit)) {
        log_.limit = std::max(log_.limit.value_or(*watts), *watts);
      }
    }
    const std::string& said = row_.fields[power_];
    const PowerField reading = power_of(said);
    if (std::holds_alternative<Garbled>(reading)) {
      throw invalid(file_, row_.line,
                    fmt::format("'{}' in the column {} is no power; expected watts such as 56.12 "
                                "or 56.12 W",
                                said, log_.column));
    }
    if (std::holds_alternative<NoReading>(reading)) {
      const std::string_view words = trimmed(said);
      fail(words.empty() ? "no reading" : words);
      return;
    }
    // What lies before it was claimed already, before the clock was set back.
    if (time <= not_before_) return;
    end_failure(time);
    log_.polls.push_back({time, std::get<Watts>(reading)});
  }

  // The driver's last words, or a line that was cut.
  void take_message() {
    std::string words;
    for (const std::string& part : row_.fields) words += (words.empty() ? "" : ",") + part;
    fail(words);
  }

  void fail(std::string_view reason) {
    reason = reason.substr(0, longest_reason);
    auto found = failures_.find(reason);
    if (found == failures_.end() && failures_.size() >= most_reasons) {
      reason = "something else";
      found = failures_.find(reason);
    }
    if (found == failures_.end()) found = failures_.emplace(std::string(reason), 0).first;
    ++found->second;
    if (failing_ || !latest_) return;
    const Seconds from = log_.polls.empty() ? *latest_ : log_.polls.back().time;
    failing_ = LogGap{.from = from, .to = from, .reason = found->first};
  }

  void end_failure(Seconds time) {
    if (!failing_) return;
    failing_->to = time;
    log_.gaps.push_back(std::move(*failing_));
    failing_.reset();
  }

  void go_back_to(Seconds time) {
    end_failure(*latest_);
    const Seconds jump = *latest_ - time;
    not_before_ = std::max(not_before_, *latest_);
    while (!log_.polls.empty() && log_.polls.back().time >= time) log_.polls.pop_back();
    while (!log_.gaps.empty() && log_.gaps.back().from >= time) log_.gaps.pop_back();
    log_.gaps.push_back({.from = log_.polls.empty() ? time : log_.polls.back().time,
                         .to = not_before_,
                         .reason = fmt::format("the clock went back by {:.3f} s at {}",
                                               jump.count(), log_time_text(*latest_))});
    ++jumps_;
  }

  void write_notes() {
    for (const auto& [reason, count] : failures_) {
      log_.notes.push_back(
          fmt::format("{} {} without a power: {}", count, count == 1 ? "line" : "lines", reason));
    }
    if (restarts_ > 0) {
      log_.notes.push_back(fmt::format("the header comes {} more {}: the logger was started again",
                                       restarts_, restarts_ == 1 ? "time" : "times"));
    }
    if (clock_.changes() > 0) {
      log_.notes.emplace_back(
          "the clock was put on or back by an hour, as daylight saving does: times go on as before "
          "it");
    }
    if (jumps_ > 0) {
      log_.notes.push_back(fmt::format("the time goes back {} {}: a gap each", jumps_,
                                       jumps_ == 1 ? "time" : "times"));
    }
  }

  CsvReader rows_;
  const std::string& file_;
  GpuChoice gpus_;
  CsvRow row_;
  std::optional<LogHeader> header_;
  std::size_t time_ = 0;
  std::size_t power_ = 0;
  std::array<std::optional<std::size_t>, 4> identity_;  // in the order of GpuIdentity
  std::optional<std::size_t> limit_;

  NvidiaSmiLog log_;
  LogClock clock_;
  std::optional<Seconds> latest_;  // of any line about the GPU
  Seconds not_before_{-HUGE_VAL};
  std::optional<LogGap> failing_;
  std::map<std::string, int, std::less<>> failures_;
  int restarts_ = 0;
  int jumps_ = 0;
};

// PowerShell writes what it redirects as UTF-16.
void refuse_other_encoding(std::string_view text, const std::string& file) {
  if (!text.starts_with("\xFF\xFE") && !text.starts_with("\xFE\xFF") &&
      text.substr(0, 256).find('\0') == std::string_view::npos) {
    return;
  }
  throw Error(ErrorCode::invalid_input,
              fmt::format("{}: expected UTF-8 text, not UTF-16 or binary data; convert it with: "
                          "iconv -f UTF-16 -t UTF-8",
                          file));
}

std::vector<std::string> columns_to_try(const LogHeader& header, const LogChoice& choice) {
  if (choice.column) return {std::string(without_unit(*choice.column))};
  std::vector<std::string> columns;
  for (const char* name : {"power.draw.instant", "power.draw.average", "power.draw"}) {
    if (header.find({name})) columns.emplace_back(name);
  }
  if (columns.empty()) columns.emplace_back("power.draw");  // whose absence is then told
  return columns;
}

}  // namespace

NvidiaSmiLog read_nvidia_smi_log(std::string_view text, const std::string& file,
                                 const LogChoice& choice) {
  refuse_other_encoding(text, file);
  const std::string_view whole = text.substr(0, text.rfind('\n') + 1);
  const auto columns = columns_to_try(LogReader(whole, file, choice).header(), choice);
  NvidiaSmiLog log;
  std::string empty;
  for (const std::string& column : columns) {
    log = LogReader(whole, file, choice).read(column);
    if (!log.polls.empty()) break;
    empty += (empty.empty() ? "" : ", ") + column;
  }
  if (log.polls.empty()) {
    throw Error(ErrorCode::invalid_input,
                fmt::format("{}: expected readings in the column {}; there is none{}{}", file,
                            empty, log.notes.empty() ? "" : ": ", fmt::join(log.notes, "; ")));
  }
  if (!empty.empty()) {
    log.notes.push_back(fmt::format("no reading in {}: {} is taken", empty, log.column));
  }
  if (whole.size() < text.size()) log.notes.emplace_back("the last line is cut and was left out");
  return log;
}

}  // namespace wattfor
