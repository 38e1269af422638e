#include "report/top_notes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "document/numbers.h"

namespace wattfor {
namespace {

// Notes of several components, gathered under what they say.
class Gathered {
 public:
  void add(const std::string& component, std::string what, bool urgent) {
    const auto found = std::ranges::find(said_, what, &Said::what);
    if (found != said_.end()) {
      found->components.push_back(component);
    } else {
      said_.push_back({.what = std::move(what), .urgent = urgent, .components = {component}});
    }
  }

  void move_to(std::vector<TopNote>& notes) {
    for (const Said& said : said_) {
      notes.push_back({.text = fmt::format("{}: {}", names(said.components), said.what),
                       .urgent = said.urgent});
    }
    said_.clear();
  }

 private:
  struct Said {
    std::string what;
    bool urgent = false;
    std::vector<std::string> components;
  };

  static std::string names(const std::vector<std::string>& components) {
    constexpr std::size_t most = 8;
    if (components.size() <= most) return fmt::format("{}", fmt::join(components, ", "));
    return fmt::format("{} and {} more", components.front(), components.size() - 1);
  }

  std::vector<Said> said_;
};

std::string silence_of(const TopComponent& component, Instant now) {
  const std::string since = component.last_seen
                                ? "no power for " + duration_text(now - *component.last_seen)
                                : std::string("no power yet");
  const bool stands = component.energy_stands && component.energy_until;
  return fmt::format(
      "{}{}: {}", since,
      stands ? ", energy missing since " + duration_text(*component.energy_until) : "",
      component.silence);
}

}  // namespace

std::vector<TopNote> top_notes(const TopView& view) {
  std::vector<TopNote> notes;
  Gathered gathered;
  for (const TopComponent& component : view.components) {
    // What lies inside another one and is switched off is nobody's worry.
    if (component.silence.empty()) continue;
    gathered.add(component.name, silence_of(component, view.time), component.in_total);
  }
  gathered.move_to(notes);
  for (const TopDevice& device : view.devices) {
    const auto& reasons = device.conditions.throttle_reasons;
    if (reasons.empty()) continue;
    gathered.add(device.component.empty() ? device.name : device.component,
                 fmt::format("slowed by {}", fmt::join(reasons, ", ")), true);
  }
  gathered.move_to(notes);
  for (const TopComponent& component : view.components) {
    // Also outside the total: a plug that says less than its parts makes them doubtful.
    if (!component.faults.empty() && component.silence.empty()) {
      gathered.add(component.name, "its energy has a fault: " + component.faults.back(), true);
    }
    if (!component.in_total) continue;
    if (component.faults.empty() && component.gaps > 0 && component.silence.empty()) {
      gathered.add(
          component.name,
          fmt::format("its energy has {} gap{}", component.gaps, component.gaps == 1 ? "" : "s"),
          true);
    }
    if (!component.shared_with.empty()) {
      gathered.add(component.name, "holds the energy of others too: " + component.shared_with,
                   false);
    }
    if (component.averaging_window.value_or(Seconds(0.0)) > view.interval) {
      gathered.add(component.name,
                   fmt::format("its sensor shows the mean of the last {}",
                               duration_text(*component.averaging_window)),
                   false);
    }
  }
  gathered.move_to(notes);
  for (const TopDevice& device : view.devices) {
    if (device.component.empty()) gathered.add(device.name, "in no figure: no power sensor", true);
  }
  gathered.move_to(notes);
  for (const std::string& warning : view.warnings) notes.push_back({.text = warning});
  if (view.obstacles > 0) {
    notes.push_back({.text = fmt::format("{} thing{} can't be read: `wattfor sensors` says how to "
                                         "unlock {}",
                                         view.obstacles, view.obstacles == 1 ? "" : "s",
                                         view.obstacles == 1 ? "it" : "them"),
                     .urgent = false});
  }
  return notes;
}

}  // namespace wattfor
