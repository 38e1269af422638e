#include "report/top_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "document/numbers.h"
#include "document/text_table.h"
#include "report/top_help.h"
#include "report/top_note_lines.h"
#include "report/top_pen.h"

namespace wattfor {
namespace {

constexpr int from_here_sparklines = 60;  // columns, for a sparkline in each row
constexpr int from_here_words = 100;      // for a basis in words instead of letters
constexpr int least_sparkline = 11;       // as wide as its title
constexpr int most_sparkline = 60;        // a column a second
constexpr int printed_sparkline = 20;
constexpr std::size_t fewest_processes = 3;
constexpr std::size_t printed_processes = 10;
constexpr double joules_per_watt_hour = 3600.0;

std::string energy_in_both_units(const EnergyFigure& figure) {
  const double energy = figure.energy.value();
  return fmt::format("{} = {} {}", si_number(energy, "J"),
                     si_number(energy / joules_per_watt_hour, "Wh"),
                     relative_interval(energy, figure.absolute));
}

std::string_view letter_of(Basis basis) {
  switch (basis) {
    case Basis::measured:
      return "m";
    case Basis::modelled:
      return "~";
    case Basis::simulated:
      return "s";
    case Basis::missing:
      break;
  }
  return "?";
}

// Before the first interval is over, what has no figure is not missing.
bool nothing_yet(const TopView& view) { return view.interval == Seconds(0.0); }

std::vector<TopLine> head_lines(const TopView& view, const TopFrame& frame, const TopPen& pen) {
  std::string right = duration_text(view.elapsed);
  if (frame.height) right += fmt::format("  every {:g} s", frame.interval.count());
  const std::string left = fmt::format(
      "wattfor top  {}{}", frame.paused ? "PAUSED, energies go on  " : "", view.hostname);
  std::vector<TopLine> lines{{pen.sides(pen.shown(left), pen.shown(right)), TopLook::plain}};
  if (nothing_yet(view)) {
    lines.push_back({pen.shown(fmt::format("reading the sensors; first figures in {:g} s …",
                                           frame.interval.count())),
                     TopLook::dim});
    return lines;
  }
  const LiveFigure& total = view.total;
  std::string now = "now     " + power_text(total.power);
  if (total.power) {
    now += fmt::format(" {}  {} over {}",
                       relative_interval(total.power->value(), total.power_interval),
                       name_of(total.basis), duration_text(view.interval));
  }
  now = pen.shown(now + "  ");
  const int room = std::min(frame.width - display_width(now), most_sparkline);
  if (room >= least_sparkline) now += sparkline(total.history, view.time, room, frame.unicode);
  lines.push_back({now, TopLook::strong});
  std::string energy = "energy  ";
  energy += total.energy ? fmt::format("{}  {}, {}", energy_in_both_units(*total.energy),
                                       name_of(total.energy_basis), view.energy_scope)
                         : std::string(unknown_number);
  lines.push_back({pen.shown(energy), TopLook::strong});
  return lines;
}

std::string conditions_cell(const std::optional<double>& value, std::string_view unit) {
  return value ? fmt::format("{:.0f} {}", *value, unit) : "";
}

std::string memory_text(const std::optional<double>& bytes) {
  return bytes ? fmt::format("{:.1f} GiB", *bytes / (1 << 30)) : "";
}

std::string source_text(const TopComponent& component) {
  if (!component.assumption.empty()) return "model";
  if (!component.sensor_kind) return "";
  if (*component.sensor_kind == SensorKind::energy_counter) return "counter";
  if (!component.averaging_window) return "gauge";
  return fmt::format("gauge, mean of {}", duration_text(*component.averaging_window));
}

// One row of the table: a component, or a device whose power can't be read.
struct TopRow {
  std::vector<std::string> cells;
  TopLook look = TopLook::plain;
};

constexpr std::size_t sparkline_column = 3;

std::vector<std::string> conditions_cells(const DeviceConditions& conditions) {
  return {conditions_cell(conditions.utilisation_percent, "%"),
          memory_text(conditions.memory_bytes), conditions_cell(conditions.temperature_c, "°C"),
          conditions_cell(conditions.clock_mhz, "MHz")};
}

TopRow row_of(const TopComponent& component, const TopView& view, bool words) {
  const LiveFigure& figure = component.figure;
  const auto device = std::ranges::find(view.devices, component.name, &TopDevice::component);
  TopRow row{.cells = {component.in_total ? component.name : "· " + component.name,
                       nothing_yet(view)
                           ? ""
                           : std::string(words ? name_of(figure.basis) : letter_of(figure.basis)),
                       power_text(figure.power), "", energy_text(figure.energy),
                       figure.energy
                           ? narrow_interval(figure.energy->energy.value(), figure.energy->absolute)
                           : "",
                       power_text(figure.peak)},
             .look = component.in_total ? TopLook::plain : TopLook::dim};
  const bool known = device != view.devices.end();
  for (std::string& cell : conditions_cells(known ? device->conditions : DeviceConditions{})) {
    row.cells.push_back(std::move(cell));
  }
  row.cells.push_back(source_text(component));
  if (!figure.power && !nothing_yet(view)) row.look = TopLook::warning;
  return row;
}

TopRow row_of(const TopDevice& device, bool words) {
  TopRow row{.cells = {device.name,
                       std::string(words ? name_of(Basis::missing) : letter_of(Basis::missing)),
                       std::string(unknown_number), "", std::string(unknown_number), "",
                       std::string(unknown_number)},
             .look = TopLook::dim};
  for (std::string& cell : conditions_cells(device.conditions))
    row.cells.push_back(std::move(cell));
  row.cells.emplace_back();
  return row;
}

// The columns' titles and a line for each row.
std::vector<TopLine> component_table(const TopView& view, const TopFrame& frame,
                                     const TopPen& pen) {
  constexpr int shortest_cut = 14;
  constexpr int longest_name = 28;
  const bool words = frame.width >= from_here_words;
  std::vector<TopRow> rows;
  std::vector<const std::deque<PowerPoint>*> histories;
  for (const TopComponent& component : view.components) {
    rows.push_back(row_of(component, view, words));
    histories.push_back(&component.figure.history);
  }
  for (const TopDevice& device : view.devices) {
    if (!device.component.empty()) continue;
    rows.push_back(row_of(device, words));
    histories.push_back(nullptr);
  }
  for (TopRow& row : rows) {
    for (std::string& cell : row.cells) cell = pen.shown(cell);
    row.cells.front() =
        pen.cut(row.cells.front(), std::clamp(frame.width / 4, shortest_cut, longest_name));
  }
  const auto used = [&rows](std::size_t column) {
    return std::ranges::any_of(rows,
                               [column](const TopRow& row) { return !row.cells[column].empty(); });
  };

  const std::vector<TextColumn> all{{.title = ""},
                                    {.title = words ? "basis" : ""},
                                    {.title = "power", .align = Align::right},
                                    {.title = "last minute"},
                                    {.title = "energy", .align = Align::right},
                                    {.title = "95 %", .align = Align::right, .worth = 7},
                                    {.title = "peak", .align = Align::right, .worth = 5},
                                    {.title = "use", .align = Align::right, .worth = 8},
                                    {.title = "memory", .align = Align::right, .worth = 4},
                                    {.title = "temp", .align = Align::right, .worth = 6},
                                    {.title = "clock", .align = Align::right, .worth = 3},
                                    {.title = "sensor", .worth = 2}};
  std::vector<TextColumn> columns;
  std::vector<std::size_t> kept;
  const bool sparklines_fit = frame.width >= from_here_sparklines;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i == sparkline_column && !sparklines_fit) continue;
    if (all[i].worth < TextColumn::indispensable && !used(i)) continue;
    columns.push_back(all[i]);
    kept.push_back(i);
  }
  TextTable table(columns);
  for (const TopRow& row : rows) {
    std::vector<std::string> cells;
    cells.reserve(kept.size());
    for (const std::size_t i : kept) cells.push_back(row.cells[i]);
    if (sparklines_fit) cells[sparkline_column] = std::string(least_sparkline, '.');
    table.add(std::move(cells));
  }
  table.fit(frame.width);
  const int room = std::clamp(least_sparkline + frame.width - table.width(), 0,
                              frame.height ? most_sparkline : printed_sparkline);
  std::vector<std::string> sparklines;
  sparklines.reserve(histories.size());
  for (const auto* history : histories) {
    // Blanks at the end hold the column's width.
    sparklines.push_back(history != nullptr ? sparkline(*history, view.time, room, frame.unicode)
                                            : std::string(static_cast<std::size_t>(room), ' '));
  }
  if (sparklines_fit) table.replace_column(sparkline_column, sparklines);

  std::vector<TopLine> lines;
  for (std::string& text : split_lines(table.text())) {
    lines.push_back({std::move(text), lines.empty() ? TopLook::dim : rows[lines.size() - 1].look});
  }
  return lines;
}

std::string uses_text(const std::vector<TopProcess::Use>& uses) {
  constexpr std::size_t named = 2;
  std::vector<std::string> words;
  for (const auto& use : uses) {
    if (words.size() == named) {
      words.push_back(fmt::format("+{}", uses.size() - named));
      break;
    }
    const std::string memory = memory_text(use.memory_bytes);
    words.push_back(memory.empty() ? use.device : use.device + " " + memory);
  }
  return fmt::format("{}", fmt::join(words, ", "));
}

std::vector<TopLine> process_table(const TopView& view, const TopFrame& frame, const TopPen& pen) {
  constexpr int longest_user = 10;
  if (!view.processes_counted) return {{pen.shown("processes: counting …"), TopLook::dim}};
  if (view.processes.empty()) return {};
  const bool any_device = std::ranges::any_of(
      view.processes, [](const TopProcess& process) { return !process.devices.empty(); });
  std::vector<TextColumn> columns{{.title = "pid", .align = Align::right},
                                  {.title = "user", .worth = 1},
                                  {.title = "cpu", .align = Align::right}};
  if (any_device) columns.push_back({.title = "device memory"});
  columns.push_back({.title = "command"});
  TextTable table(columns);
  for (const TopProcess& process : view.processes) {
    std::vector<std::string> cells{fmt::format("{}", process.pid),
                                   pen.cut(pen.shown(process.user), longest_user),
                                   process.cores ? fmt::format("{:.0f} %", 100.0 * *process.cores)
                                                 : pen.shown(unknown_number)};
    if (any_device) cells.push_back(pen.shown(uses_text(process.devices)));
    cells.push_back(process.command.empty() ? pen.shown(unknown_number)
                                            : pen.shown(process.command));
    table.add(std::move(cells));
  }
  if (frame.width < from_here_sparklines) table.fit(0);  // the user gives way to the command
  std::vector<TopLine> lines;
  for (std::string& text : split_lines(table.text())) {
    lines.push_back({std::move(text), lines.empty() ? TopLook::dim : TopLook::plain});
  }
  return lines;
}

std::string legend_text(const TopView& view, const TopFrame& frame) {
  std::vector<std::string> words;
  if (frame.width < from_here_words && !nothing_yet(view)) {
    for (const Basis basis : enumerators<Basis>) {
      const bool occurs = std::ranges::any_of(
          view.components,
          [basis](const TopComponent& component) { return component.figure.basis == basis; });
      if (occurs) words.push_back(fmt::format("{} {}", letter_of(basis), name_of(basis)));
    }
  }
  if (std::ranges::any_of(view.components, [](const auto& c) { return !c.in_total; })) {
    words.emplace_back("· not in total");
  }
  return fmt::format("{}", fmt::join(words, "   "));
}

// Of a table with its titles, the rows that fit into `room` lines from `first` on; the last line
// says how many are left out.
std::vector<TopLine> scrolled(const std::vector<TopLine>& table, std::size_t room,
                              std::size_t first, const TopPen& pen) {
  const std::size_t rows = table.size() - 1;
  if (rows <= room) return table;
  const std::size_t shown = room > 1 ? room - 1 : 1;
  const std::size_t begin = std::min(first, rows - shown);
  std::vector<TopLine> lines{table.front()};
  for (std::size_t i = begin; i < begin + shown; ++i) lines.push_back(table[1 + i]);
  if (room > 1) {
    lines.push_back({pen.shown(fmt::format("… rows {} to {} of {}: up and down scroll", begin + 1,
                                           begin + shown, rows)),
                     TopLook::dim});
  }
  return lines;
}

void append_lines(std::vector<TopLine>& lines, const std::vector<TopLine>& more, std::size_t most) {
  const auto count = static_cast<std::ptrdiff_t>(std::min(most, more.size()));
  lines.insert(lines.end(), more.begin(), more.begin() + count);
}

// All that there is, for text that is printed.
std::vector<TopLine> printed(const TopView& view, const TopFrame& frame, const TopPen& pen) {
  std::vector<TopLine> lines = head_lines(view, frame, pen);
  const auto all = static_cast<std::size_t>(-1);
  append_lines(lines, component_table(view, frame, pen), all);
  append_lines(lines, whole_notes(view, frame, pen), all);
  append_lines(lines, process_table(view, frame, pen), 1 + printed_processes);
  if (const std::string words = legend_text(view, frame); !words.empty()) {
    lines.push_back({pen.shown(words), TopLook::dim});
  }
  return lines;
}

std::size_t height_of(const TopFrame& frame) {
  return static_cast<std::size_t>(std::max(frame.height.value_or(1), 1));
}

// As many lines as the frame has, the last of them a footer, of which the keys stay and the legend
// gives way.
std::vector<TopLine> with_footer(std::vector<TopLine> lines, const TopFrame& frame,
                                 const std::string& legend, const std::string& keys,
                                 const TopPen& pen) {
  lines.resize(height_of(frame) - 1);
  const std::string left = pen.cut(pen.shown(legend), frame.width - display_width(keys) - 2);
  lines.push_back({pen.sides(left, keys), TopLook::dim});
  return lines;
}

// What fits: the head and a footer always, then the components, a few notes, and processes on what
// is left.
std::vector<TopLine> fitted(const TopView& view, const TopFrame& frame, const TopPen& pen) {
  const std::size_t height = height_of(frame);
  std::vector<TopLine> lines = head_lines(view, frame, pen);
  const std::vector<TopLine> processes = process_table(view, frame, pen);
  const std::vector<TopLine> table = component_table(view, frame, pen);

  const auto left = [&height](std::size_t used) { return height > used ? height - used : 0; };
  const std::size_t for_processes = std::min(processes.size(), 1 + fewest_processes);
  const std::size_t free = left(lines.size() + table.size() + for_processes + 2);
  const FittedNotes notes = fitted_notes(view, frame, pen, free);
  const std::size_t room = left(lines.size() + notes.lines.size() + for_processes + 2);
  append_lines(lines, scrolled(table, std::max<std::size_t>(room, 1), frame.first_component, pen),
               height);
  append_lines(lines, notes.lines, height);
  const std::size_t spare = left(lines.size() + processes.size() + 1);
  if (spare > 0 && !processes.empty()) lines.push_back({});
  append_lines(lines, processes, left(lines.size() + 1));
  return with_footer(std::move(lines), frame, legend_text(view, frame),
                     notes.is_all ? "? help  q quit" : "n notes  ? help  q quit", pen);
}

std::vector<TopLine> notes_alone(const TopView& view, const TopFrame& frame, const TopPen& pen) {
  std::vector<TopLine> lines = whole_notes(view, frame, pen);
  if (lines.empty()) lines.push_back({"nothing to note", TopLook::plain});
  return with_footer(std::move(lines), frame, "", "n back  q quit", pen);
}

}  // namespace

std::vector<std::string> top_lines(const TopView& view, const TopFrame& frame) {
  const TopPen pen(frame);
  const auto help = [&] {
    return with_footer(top_help(frame, pen, height_of(frame) - 1), frame, "", "? back  q quit",
                       pen);
  };
  const std::vector<TopLine> lines = !frame.height ? printed(view, frame, pen)
                                     : frame.help  ? help()
                                     : frame.notes ? notes_alone(view, frame, pen)
                                                   : fitted(view, frame, pen);
  std::vector<std::string> texts;
  texts.reserve(lines.size());
  for (const TopLine& line : lines) texts.push_back(pen.finish(line));
  return texts;
}

std::string top_summary(const TopView& view, const TopFrame& frame) {
  const TopPen pen(frame);
  if (!view.total.energy) return pen.shown(duration_text(view.elapsed) + ": no energy was seen");
  return pen.shown(fmt::format("{}: {}, {}, {}", duration_text(view.elapsed),
                               energy_in_both_units(*view.total.energy),
                               name_of(view.total.energy_basis), view.energy_scope));
}

}  // namespace wattfor
