#pragma once

#include <chrono>
#include <compare>

namespace wattfor {

// A number with a unit that the compiler checks. Converting in and out is spelled out at the edges
// (`Joules(3.0)`, `energy.value()`, `microjoules(n)`); SI inside.
template <class Unit>
class Quantity {
 public:
  constexpr Quantity() = default;
  constexpr explicit Quantity(double value) : value_(value) {}

  constexpr double value() const { return value_; }

  constexpr auto operator<=>(const Quantity&) const = default;

  constexpr Quantity& operator+=(Quantity other) {
    value_ += other.value_;
    return *this;
  }
  constexpr Quantity& operator-=(Quantity other) {
    value_ -= other.value_;
    return *this;
  }

  friend constexpr Quantity operator+(Quantity a, Quantity b) { return a += b; }
  friend constexpr Quantity operator-(Quantity a, Quantity b) { return a -= b; }
  friend constexpr Quantity operator-(Quantity a) { return Quantity(-a.value_); }
  friend constexpr Quantity operator*(Quantity a, double factor) {
    return Quantity(a.value_ * factor);
  }
  friend constexpr Quantity operator*(double factor, Quantity a) { return a * factor; }
  friend constexpr Quantity operator/(Quantity a, double divisor) {
    return Quantity(a.value_ / divisor);
  }
  friend constexpr double operator/(Quantity a, Quantity b) { return a.value_ / b.value_; }

 private:
  double value_ = 0.0;
};

using Joules = Quantity<struct JouleUnit>;
using Watts = Quantity<struct WattUnit>;
using Seconds = std::chrono::duration<double>;

constexpr Joules operator*(Watts power, Seconds duration) {
  return Joules(power.value() * duration.count());
}
constexpr Joules operator*(Seconds duration, Watts power) { return power * duration; }
constexpr Watts operator/(Joules energy, Seconds duration) {
  return Watts(energy.value() / duration.count());
}
constexpr Seconds operator/(Joules energy, Watts power) {
  return Seconds(energy.value() / power.value());
}

// A duration as the clock counts it, for sums with an Instant.
constexpr std::chrono::nanoseconds ticks(Seconds duration) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(duration);
}

// Scaled units exist only at the edges: kernel files count in micro-units, NVML in milli-units, the
// training of models in kilowatt-hours.
constexpr Joules microjoules(double count) { return Joules(count * 1e-6); }
constexpr Joules millijoules(double count) { return Joules(count * 1e-3); }
constexpr Joules kilowatt_hours(double count) { return Joules(count * 3.6e6); }
constexpr double in_kilowatt_hours(Joules energy) { return energy.value() / 3.6e6; }
constexpr Watts microwatts(double count) { return Watts(count * 1e-6); }
constexpr Watts milliwatts(double count) { return Watts(count * 1e-3); }

}  // namespace wattfor
