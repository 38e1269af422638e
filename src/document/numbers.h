#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "measurement/energy.h"
#include "units/quantity.h"

// Numbers as a person reads them. What is not finite is shown as "–", as is what is unknown.
namespace wattfor {

inline constexpr std::string_view unknown_number = "–";

// Three significant digits with the unit's SI prefix: "3.21 mJ", "12.4 W", "0 J".
std::string si_number(double value, std::string_view unit);

// The same of a quantity; "–" where it is unknown.
std::string power_text(const std::optional<Watts>& power);
std::string energy_text(const std::optional<EnergyFigure>& figure);

// Thousands separated: "512,000"; below 100 with three significant digits: "12.3".
std::string plain_number(double value);

// "10⁻⁹".
std::string power_of_ten(int exponent);

// "450 ms", "12.3 s", "1 min 4 s", "2 h 3 min", "3 d 4 h".
std::string duration_text(Seconds duration);

// A 95 % interval relative to its value: "±1.2 %", or "−20 … +50 %" where it is not symmetric.
std::string relative_interval(double value, const std::optional<Interval>& interval);
// The same for a narrow column: ">±100 %" where a side is wider than the value itself.
std::string narrow_interval(double value, const std::optional<Interval>& interval);

// A share of the truth by which something is off: "+1.2 %", "−60 %"; less than 0.0005 % is "0 %".
std::string signed_share(const std::optional<double>& share);
// The same of a size that has no direction: "1.2 %".
std::string plain_share(const std::optional<double>& share);

}  // namespace wattfor
