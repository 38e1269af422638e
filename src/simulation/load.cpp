#include "simulation/load.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "simulation/waveforms.h"

namespace wattfor {
namespace {

// How much is planned at once, at least; whole periods, so that waves go on.
constexpr Seconds planned_at_once{60.0};

Seconds whole_periods(const Load& load) {
  if (load.period <= Seconds(0.0)) return planned_at_once;
  return std::max(1.0, std::round(planned_at_once / load.period)) * load.period;
}

}  // namespace

std::string_view name_of(Waveform waveform) {
  switch (waveform) {
    case Waveform::constant:
      return "constant";
    case Waveform::square:
      return "square";
    case Waveform::ladder:
      return "ladder";
    case Waveform::pseudo_random:
      return "pseudo_random";
    case Waveform::training:
      return "training";
    case Waveform::decoding:
      return "decoding";
    case Waveform::thermal_ramp:
      return "thermal_ramp";
    case Waveform::throttling:
      return "throttling";
  }
  return "";
}

PowerCourse work(const Load& load, Seconds start, Seconds duration, Watts before, Random& random) {
  PowerCourse course(start, before);
  switch (load.waveform) {
    case Waveform::constant:
      course.then(load.high, duration);
      break;
    case Waveform::square:
      add_square(course, duration, load.high, load.low, load.period, load.duty, load.phase);
      break;
    case Waveform::ladder:
      add_ladder(course, duration, load.low, load.high, load.levels);
      break;
    case Waveform::pseudo_random:
      add_pseudo_random(course, duration, load.low, load.high, load.period, random);
      break;
    case Waveform::training:
      add_training_steps(course, duration, load.low, load.high, load.period);
      break;
    case Waveform::decoding:
      add_token_decoding(course, duration, load.high, load.low, random);
      break;
    case Waveform::thermal_ramp:
      add_thermal_ramp(course, duration, load.low, load.high, load.settling);
      break;
    case Waveform::throttling:
      add_throttling(course, duration, load.high, load.low, load.settling, load.period);
      break;
  }
  if (load.noise > Watts(0.0)) course = with_noise(course, load.noise, load.correlation, random);
  return course;
}

PowerCourse course_of(const Load& load, Seconds start, Seconds duration, Random& random) {
  PowerCourse course = work(load, start, duration, load.idle, random);
  course.finally(load.idle);
  return with_rise(course, load.rise);
}

LiveLoad::LiveLoad(Load load, std::uint64_t seed)
    : load_(load),
      going_on_(load),
      random_(seed),
      course_(Seconds(0.0), load.idle),
      planned_(Seconds(0.0), load.idle),
      latest_(load.idle) {}

void LiveLoad::advance(Seconds now) {
  while (course_.end() < now) {
    if (next_ == planned_.powers().size()) plan();
    const auto edges = planned_.edges();
    const Seconds length = edges[next_ + 1] - edges[next_] - begun_;
    const Seconds left = now - course_.end();
    latest_ = planned_.powers()[next_];
    if (length <= left) {
      course_.then(latest_, length);
      ++next_;
      begun_ = Seconds(0.0);
    } else {
      course_.then(latest_, left);
      begun_ += left;
      break;
    }
  }
  course_.finally(latest_);  // what it draws at this very moment
}

void LiveLoad::begin_work(Seconds time, double share) {
  advance(time);
  turns_.push_back(course_.end());
  works_ = true;
  going_on_ = load_;
  going_on_.high = load_.idle + share * (load_.high - load_.idle);
  going_on_.low = load_.idle + share * (load_.low - load_.idle);
  plan();
}

void LiveLoad::end_work(Seconds time) {
  advance(time);
  turns_.push_back(course_.end());
  works_ = false;
  plan();
}

void LiveLoad::forget_before(Seconds time) {
  const auto edges = course_.edges();
  const auto powers = course_.powers();
  if (powers.size() < pieces_to_forget_) return;
  PowerCourse shorter(course_.start(), course_.before());
  const auto add = [&](Watts power, Seconds until) { shorter.then(power, until - shorter.end()); };
  const auto add_mean = [&](Seconds until) {
    const Seconds from = shorter.end();
    if (until > from) add(course_.energy(from, until) / (until - from), until);
  };
  // The last edge that is not after `time`.
  const auto kept = std::max(std::ranges::upper_bound(edges, time) - edges.begin(), 1L) - 1;
  for (const Seconds turn : turns_) {
    if (turn < edges[static_cast<std::size_t>(kept)]) add_mean(turn);
  }
  add_mean(edges[static_cast<std::size_t>(kept)]);
  for (auto i = static_cast<std::size_t>(kept); i < powers.size(); ++i)
    add(powers[i], edges[i + 1]);
  shorter.finally(course_.after());
  course_ = std::move(shorter);
  pieces_to_forget_ = std::max(least_to_forget, 2 * course_.powers().size());
}

void LiveLoad::plan() {
  const Seconds start = course_.end();
  const Seconds duration = whole_periods(load_);
  if (works_) {
    planned_ = work(going_on_, start, duration, latest_, random_);
    if (load_.waveform == Waveform::thermal_ramp) {
      going_on_.low += -std::expm1(-duration / load_.settling) * (going_on_.high - going_on_.low);
    }
    if (load_.waveform == Waveform::throttling) going_on_.settling = Seconds(0.0);
  } else {
    planned_ = PowerCourse(start, latest_);
    planned_.then(load_.idle, duration);
  }
  planned_.finally(planned_.powers().back());
  planned_ = risen(planned_, load_.rise);
  next_ = 0;
  begun_ = Seconds(0.0);
}

}  // namespace wattfor
