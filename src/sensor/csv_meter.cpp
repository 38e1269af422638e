#include "sensor/csv_meter.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cmath>
#include <deque>
#include <system_error>
#include <utility>
#include <vector>

#include "base/unique_fd.h"

namespace wattfor {
namespace {

constexpr double periods_to_stale = 3.0;
constexpr Seconds youngest_stale{2.0};
constexpr Seconds usual_csv_period{1.0};  // of a file with one row

// The shorter of the times between them is the period: a logger may have paused.
constexpr std::size_t rows_to_a_period = 3;

// One sampling interval's readings of two sensors are of the same rows.
constexpr Seconds same_turn{0.001};

// One standard deviation. An estimate: a power analyser is better, a cheap meter worse.
constexpr double csv_gain_uncertainty = 0.01;

constexpr std::size_t csv_piece_bytes = 65536;

std::vector<std::string_view> csv_fields(std::string_view line) {
  std::vector<std::string_view> fields;
  for (;;) {
    const auto comma = line.find(',');
    std::string_view field = line.substr(0, comma);
    while (field.starts_with(' ')) field.remove_prefix(1);
    while (field.ends_with(' ')) field.remove_suffix(1);
    fields.push_back(field);
    if (comma == std::string_view::npos) return fields;
    line.remove_prefix(comma + 1);
  }
}

template <class Number>
std::optional<Number> csv_number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Neither below zero nor infinite nor "nan".
std::optional<double> csv_quantity(std::string_view text) {
  const auto value = csv_number<double>(text);
  return value && std::isfinite(*value) && *value >= 0.0 ? value : std::nullopt;
}

// The period of a logger that sleeps between its rows is not exact, and its third digit is noise.
Seconds to_two_digits(Seconds period) {
  const double digit = std::pow(10.0, std::floor(std::log10(period.count())) - 1.0);
  return Seconds(std::round(period.count() / digit) * digit);
}

struct NumberedLine {
  std::int64_t number = 0;
  std::string text;
};

class CsvSource final : public MeterSource {
 public:
  CsvSource(std::filesystem::path path, WallClock wall_clock)
      : path_(std::move(path)), wall_clock_(std::move(wall_clock)) {}

  MeterReply ask() override {
    if (const int error_number = open_where_it_lies(); error_number != 0) {
      return unreadable(error_number);
    }
    const auto fault = read_on();
    if (fault) return broken(*fault);
    if (fault_) return broken(*fault_);
    if (!columns_ || !newest_) return nothing_new("has no complete row yet");
    const Seconds age = age_of(*newest_);
    if (age > stale_from()) {
      return nothing_new(fmt::format("its newest row is {:.1f} s old, where rows come each {:g} s",
                                     age.count(), period().count()));
    }
    if (age < -stale_from()) {
      return nothing_new(fmt::format(
          "its newest row lies {:.1f} s in the future: the clocks disagree", -age.count()));
    }
    return newest_->answer;
  }

  // Between the newest rows.
  Seconds period() const { return period_.value_or(usual_csv_period); }

 private:
  Seconds age_of(const LoggedReading& row) const {
    return Seconds(static_cast<double>(wall_clock_() - row.time_us) * 1e-6);
  }
  Seconds stale_from() const { return std::max(periods_to_stale * period(), youngest_stale); }

  // Zero, or the errno. Begins anew where the path leads to another file, or the file was cut.
  int open_where_it_lies() {
    struct stat there{};
    if (::stat(path_.c_str(), &there) != 0) {
      const int reason = errno;
      file_.reset();
      return reason;
    }
    if (file_ && there.st_dev == device_ && there.st_ino == inode_ && there.st_size >= offset_) {
      return 0;
    }
    // Without O_NONBLOCK, opening a named pipe waits for its writer.
    file_ = UniqueFd(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file_) return errno;
    if (::fstat(file_.get(), &there) != 0) return errno;
    if (!S_ISREG(there.st_mode)) {
      file_.reset();
      return S_ISDIR(there.st_mode) ? EISDIR : EINVAL;
    }
    device_ = there.st_dev;
    inode_ = there.st_ino;
    offset_ = 0;
    line_ = 0;
    columns_.reset();
    newest_.reset();
    fault_.reset();
    return 0;
  }

  // Takes the complete lines that were added since. What is wrong with one of them is the answer
  // once, also where a good one follows. Of a file that is new to us only the last rows matter.
  std::optional<std::string> read_on() {
    const bool from_the_begin = offset_ == 0;
    std::deque<NumberedLine> last;
    std::optional<std::string> first_fault;
    const auto take = [&](std::string_view line) {
      ++line_;
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (line_ == 1) {
        take_header(line);
      } else if (line.empty()) {
        return;
      } else if (from_the_begin) {
        if (last.size() == rows_to_a_period) last.pop_front();
        last.push_back({.number = line_, .text = std::string(line)});
      } else {
        take_row(line_, line);
        if (fault_ && !first_fault) first_fault = fault_;
      }
    };
    for (;;) {
      std::array<char, csv_piece_bytes> piece{};
      ssize_t count = 0;
      do {
        count = ::pread(file_.get(), piece.data(), piece.size(), offset_);
      } while (count < 0 && errno == EINTR);
      if (count < 0) return std::generic_category().message(errno);
      std::string_view text(piece.data(), static_cast<std::size_t>(count));
      const auto end = text.rfind('\n');
      if (end == std::string_view::npos) {
        if (text.size() < piece.size()) break;
        return fmt::format("{}: a line of more than {} bytes", line_ + 1, piece.size());
      }
      text = text.substr(0, end);
      offset_ += static_cast<off_t>(end) + 1;
      for (;;) {
        const auto newline = text.find('\n');
        take(text.substr(0, newline));
        if (newline == std::string_view::npos) break;
        text.remove_prefix(newline + 1);
      }
    }
    for (const NumberedLine& line : last) take_row(line.number, line.text);
    return first_fault;
  }

  void take_header(std::string_view line) {
    auto columns = parse_csv_header(line);
    if (const auto* fault = std::get_if<LogFault>(&columns)) {
      fault_ = fmt::format("1: {}", fault->reason);
    } else {
      columns_ = std::get<LogColumns>(columns);
    }
  }

  void take_row(std::int64_t line_number, std::string_view line) {
    if (!columns_) return;
    const auto parsed = parse_csv_row(line, *columns_);
    if (const auto* fault = std::get_if<LogFault>(&parsed)) {
      fault_ = fmt::format("{}: {}", line_number, fault->reason);
      return;
    }
    fault_.reset();
    const auto& row = std::get<LoggedReading>(parsed);
    // A row whose time can't be is no reason to leave out all that follow it.
    if (newest_ && row.time_us < newest_->time_us && age_of(*newest_) < -stale_from()) {
      newest_.reset();
      period_.reset();
      since_before_.reset();
    }
    if (newest_ && row.time_us <= newest_->time_us) return;
    if (newest_) {
      const Seconds since{static_cast<double>(row.time_us - newest_->time_us) * 1e-6};
      period_ = std::min(since, since_before_.value_or(since));
      since_before_ = since;
    }
    newest_ = row;
  }

  MeterReply broken(const std::string& what) const {
    return MeterFailure{{FailureKind::broken, fmt::format("{}:{}", path_.string(), what)},
                        "mend what writes the file"};
  }
  MeterReply nothing_new(const std::string& what) const {
    return MeterFailure{{FailureKind::try_again, fmt::format("{}: {}", path_.string(), what)},
                        "see that its program writes to the file, each row at once"};
  }
  MeterReply unreadable(int error_number) const {
    const bool forbidden = error_number == EACCES || error_number == EPERM;
    return MeterFailure{
        {forbidden ? FailureKind::forbidden : FailureKind::try_again,
         fmt::format("{}: {}", path_.string(), std::generic_category().message(error_number))},
        forbidden ? fmt::format("sudo chmod a+r {}", path_.string())
                  : "start the program that writes it, or check the path"};
  }

  std::filesystem::path path_;
  WallClock wall_clock_;
  UniqueFd file_;
  dev_t device_ = 0;
  ino_t inode_ = 0;
  off_t offset_ = 0;       // behind the last complete line
  std::int64_t line_ = 0;  // its number
  std::optional<LogColumns> columns_;
  std::optional<LoggedReading> newest_;
  std::optional<Seconds> period_;
  std::optional<Seconds> since_before_;  // between the two newest rows
  std::optional<std::string> fault_;     // of the last line, "LINE: reason"
};

}  // namespace

std::variant<LogColumns, LogFault> parse_csv_header(std::string_view line) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (line.starts_with(byte_order_mark)) line.remove_prefix(byte_order_mark.size());
  const auto names = csv_fields(line);
  const auto place_of = [&names](std::string_view name) -> std::optional<std::size_t> {
    const auto found = std::ranges::find(names, name);
    if (found == names.end()) return std::nullopt;
    return static_cast<std::size_t>(found - names.begin());
  };
  const auto time_us = place_of("time_us");
  LogColumns columns{.time_us = time_us.value_or(0),
                     .power_w = place_of("power_w"),
                     .energy_j = place_of("energy_j"),
                     .count = names.size()};
  if (!time_us || (!columns.power_w && !columns.energy_j)) {
    return LogFault{
        fmt::format("expected column names with commas between, time_us and power_w or "
                    "energy_j among them, found {:?}",
                    line.substr(0, 80))};
  }
  return columns;
}

std::variant<LoggedReading, LogFault> parse_csv_row(std::string_view line,
                                                    const LogColumns& columns) {
  const auto fields = csv_fields(line);
  if (fields.size() != columns.count) {
    return LogFault{fmt::format("expected {} columns, found {} in {:?}", columns.count,
                                fields.size(), line.substr(0, 80))};
  }
  const auto time_us = csv_number<std::int64_t>(fields[columns.time_us]);
  if (!time_us || *time_us < 0) {
    return LogFault{fmt::format("time_us: expected whole microseconds since 1970, found {:?}",
                                fields[columns.time_us].substr(0, 40))};
  }
  LoggedReading row{.time_us = *time_us, .answer = {}};
  if (columns.power_w) {
    const auto watts = csv_quantity(fields[*columns.power_w]);
    if (!watts) {
      return LogFault{fmt::format("power_w: expected watts with a decimal point, found {:?}",
                                  fields[*columns.power_w].substr(0, 40))};
    }
    row.answer.power = Watts(*watts);
  }
  if (columns.energy_j) {
    const auto joules = csv_quantity(fields[*columns.energy_j]);
    if (!joules) {
      return LogFault{fmt::format("energy_j: expected joules with a decimal point, found {:?}",
                                  fields[*columns.energy_j].substr(0, 40))};
    }
    row.answer.energy = Joules(*joules);
  }
  return row;
}

std::int64_t wall_clock_us() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

ProbeResult find_csv_meter(const std::filesystem::path& file, const WallClock& wall_clock,
                           const std::shared_ptr<const Clock>& clock) {
  auto source = std::make_unique<CsvSource>(file, wall_clock);
  source->ask();  // its rows tell their period
  const Seconds period = to_two_digits(source->period());
  const MeterFacts facts{.id = "csv:" + file.string(),
                         .name = "CSV file " + file.string(),
                         .source = file.string(),
                         .shortest_pause = same_turn,
                         .update_period = period,
                         .averaging_window = period,
                         .gain_uncertainty = csv_gain_uncertainty};
  return find_external_meter(std::move(source), facts, clock);
}

}  // namespace wattfor
