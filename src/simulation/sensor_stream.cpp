#include "simulation/sensor_stream.h"

#include <algorithm>
#include <cmath>

namespace wattfor {
namespace {

// What an RC filter shows of a course, exactly: each piece moves it towards the piece's power.
class Filter {
 public:
  Filter(const PowerCourse& course, Seconds time_constant)
      : course_(course), tau_(time_constant), time_(course.start()), power_(course.before()) {}

  // In order of time.
  Watts at(Seconds time) {
    if (time <= course_.start()) return course_.before();
    const auto edges = course_.edges();
    while (next_ < edges.size() && edges[next_] <= time) {
      move_to(edges[next_], course_.powers()[next_ - 1]);
      ++next_;
    }
    move_to(time, next_ < edges.size() ? course_.powers()[next_ - 1] : course_.after());
    return power_;
  }

 private:
  void move_to(Seconds time, Watts towards) {
    power_ += -std::expm1(-(time - time_) / tau_) * (towards - power_);
    time_ = time;
  }

  const PowerCourse& course_;
  Seconds tau_;
  Seconds time_;
  Watts power_;
  std::size_t next_ = 1;  // the edge that the filter comes to next
};

double rounded(double value, double quantum) {
  return quantum > 0.0 ? std::round(value / quantum) * quantum : value;
}

double counted(Joules energy, const SensorModel& sensor) {
  double value = sensor.gain * energy.value();
  if (sensor.quantum > 0.0) value = std::floor(value / sensor.quantum) * sensor.quantum;
  if (sensor.counter_range) {
    const double range = sensor.counter_range->value();
    value -= range * std::floor(value / range);
  }
  return value;
}

}  // namespace

std::vector<Publication> publications(const PowerCourse& course, const SensorModel& sensor,
                                      Seconds from, Seconds to, Random& random) {
  const Kernel& kernel = sensor.kernel;
  Filter filter(course, kernel.time_constant);
  std::vector<Publication> published;
  const auto first = static_cast<long>(std::ceil((from - sensor.phase) / sensor.update_period));
  const auto last = static_cast<long>(std::floor((to - sensor.phase) / sensor.update_period));
  for (long k = first; k <= last; ++k) {
    Seconds time = sensor.phase + static_cast<double>(k) * sensor.update_period +
                   random.normal() * sensor.period_jitter;
    if (!published.empty()) time = std::max(time, published.back().time);
    const Seconds looked = time - kernel.delay;
    if (kernel.kind == ResponseKind::counter) {
      published.push_back({time, counted(course.energy(course.start(), looked), sensor)});
      continue;
    }
    Watts power;
    if (kernel.kind == ResponseKind::boxcar && kernel.window > Seconds(0.0)) {
      power = course.energy(looked - kernel.window, looked) / kernel.window;
    } else if (kernel.kind == ResponseKind::exponential && kernel.time_constant > Seconds(0.0)) {
      power = filter.at(looked);
    } else {
      power = course.power_at(looked);
    }
    power = sensor.gain * power + sensor.offset + random.normal() * sensor.noise;
    published.push_back({time, rounded(power.value(), sensor.quantum)});
  }
  return published;
}

std::vector<Publication> polled(const std::vector<Publication>& published, Seconds from, Seconds to,
                                Seconds interval, Seconds lateness, Random& random) {
  std::vector<Publication> seen;
  auto next = published.begin();
  const auto polls = static_cast<long>((to - from) / interval) + 1;
  for (long i = 0; i < polls; ++i) {
    const Seconds time = from + static_cast<double>(i) * interval + random.uniform() * lateness;
    while (next != published.end() && next->time <= time) ++next;
    if (next != published.begin()) seen.push_back({time, (next - 1)->value});
  }
  return seen;
}

}  // namespace wattfor
