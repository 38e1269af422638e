#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "measurement/energy.h"
#include "meter/energy_curve.h"
#include "sensor/sensor.h"

namespace wattfor {

// What a window's energy comes to for one sensor.
struct SensorEnergy {
  const SensorInfo* sensor = nullptr;
  CurveEnergy energy;
};

// What a sensor's figures are.
Basis basis_of(const SensorInfo& sensor);

// What the energy of a domain counts for.
ComponentKind kind_of(Domain domain);

// Power while nothing worked, with its half-width as a comparison knows it.
struct IdlePower {
  Watts power;
  Watts uncertainty;
};
using IdlePowers = std::map<std::string, IdlePower>;  // by sensor

// The components' average powers, each under the sensor that its figure is of.
IdlePowers idle_powers(const EnergyReport& idle);

// One component for each domain and index. Its figure is that of the sensor in the total, or, where
// that one has none, of another sensor of the same domain, which is recorded as a fault; the sensor
// used stands first in the component's list. What contradicts it (meter/cross_checks.h) is a fault,
// too. Net figures only under the sensors of `idle`.
std::vector<ComponentEnergy> component_energies(std::span<const SensorEnergy> energies,
                                                Seconds duration, const IdlePowers& idle);

}  // namespace wattfor
