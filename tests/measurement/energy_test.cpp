#include "measurement/energy.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace wattfor::energy_test {
namespace {

EnergyFigure figure(double joules, Interval absolute, Interval comparison) {
  return {.energy = Joules(joules), .absolute = absolute, .comparison = comparison};
}

ComponentEnergy component(const std::string& name, ComponentKind kind, double joules,
                          Basis basis = Basis::measured) {
  ComponentEnergy result;
  result.name = name;
  result.kind = kind;
  result.basis = basis;
  result.gross = EnergyFigure{.energy = Joules(joules), .absolute = {}, .comparison = {}};
  return result;
}

ComponentEnergy missing(const std::string& name, ComponentKind kind) {
  ComponentEnergy result;
  result.name = name;
  result.kind = kind;
  return result;
}

const std::vector<ComponentEnergy> whole_machine{
    component("gpu 0", ComponentKind::gpu, 100.0),
    component("cpu package 0", ComponentKind::cpu, 30.0),
    component("dram 0", ComponentKind::dram, 5.0),
    component("cpu package 1", ComponentKind::cpu, 20.0),
    component("wall", ComponentKind::other, 0.5)};

TEST(TotalOfTest, SumsTheComponentsOfItsScopeAndNamesThem) {
  const TotalEnergy everything = total_of(whole_machine, Scope::everything);
  EXPECT_EQ(everything.gross->energy, Joules(155.5));
  EXPECT_EQ(everything.scope, "cpu + dram + gpu + other");
  EXPECT_EQ(everything.basis, Basis::measured);

  const TotalEnergy gpu = total_of(whole_machine, Scope::gpu_only);
  EXPECT_EQ(gpu.gross->energy, Joules(100.0));
  EXPECT_EQ(gpu.scope, "gpu only");

  const TotalEnergy host = total_of(whole_machine, Scope::host_only);
  EXPECT_EQ(host.gross->energy, Joules(55.0));
  EXPECT_EQ(host.scope, "cpu + dram");
}

TEST(TotalOfTest, NeverAddsWhatAnotherDomainContains) {
  auto components = whole_machine;
  components.push_back(component("cpu core 0", ComponentKind::cpu, 25.0, Basis::simulated));
  components.back().in_total = false;
  components.push_back(missing("cpu uncore 0", ComponentKind::cpu));
  components.back().in_total = false;
  EXPECT_EQ(total_of(components, Scope::everything), total_of(whole_machine, Scope::everything));
}

TEST(TotalOfTest, AddsBothIntervalsLinearly) {
  auto cpu = component("cpu package 0", ComponentKind::cpu, 0.0);
  cpu.gross = figure(30.0, {.low = 28.0, .high = 33.0}, {.low = 29.5, .high = 30.5});
  auto dram = component("dram 0", ComponentKind::dram, 0.0);
  dram.gross = figure(5.0, {.low = 4.0, .high = 7.0}, {.low = 4.75, .high = 5.5});
  EXPECT_EQ(total_of({cpu, dram}, Scope::host_only).gross,
            figure(35.0, {.low = 32.0, .high = 40.0}, {.low = 34.25, .high = 36.0}));
}

TEST(TotalOfTest, HasNoIntervalWhereOneOfTheComponentsHasNone) {
  auto cpu = component("cpu package 0", ComponentKind::cpu, 0.0);
  cpu.gross = figure(30.0, {.low = 28.0, .high = 33.0}, {.low = 29.5, .high = 30.5});
  auto dram = component("dram 0", ComponentKind::dram, 0.0);
  dram.gross = figure(5.0, {.low = 4.0, .high = 7.0}, {});
  dram.gross->comparison.reset();
  const TotalEnergy total = total_of({cpu, dram}, Scope::host_only);
  EXPECT_EQ(total.gross->absolute, (Interval{.low = 32.0, .high = 40.0}));
  EXPECT_EQ(total.gross->comparison, std::nullopt);
}

TEST(TotalOfTest, IsAsTrustworthyAsItsWeakestComponent) {
  const auto measured = component("gpu 0", ComponentKind::gpu, 1.0, Basis::measured);
  const auto modelled = component("dram", ComponentKind::dram, 1.0, Basis::modelled);
  const auto simulated = component("gpu 1", ComponentKind::gpu, 1.0, Basis::simulated);
  EXPECT_EQ(total_of({measured, modelled}, Scope::everything).basis, Basis::modelled);
  EXPECT_EQ(total_of({simulated, modelled, measured}, Scope::everything).basis, Basis::simulated);
  EXPECT_EQ(total_of({measured, modelled}, Scope::gpu_only).basis, Basis::measured)
      << "what is outside the scope has no say";
}

TEST(TotalOfTest, SaysWhichPartOfItsScopeIsMissing) {
  const auto cpu = component("cpu package 0", ComponentKind::cpu, 30.0);
  const auto gpu = component("gpu 0", ComponentKind::gpu, 100.0);

  const TotalEnergy host =
      total_of({cpu, missing("dram 0", ComponentKind::dram)}, Scope::host_only);
  EXPECT_EQ(host.scope, "cpu (dram missing)");
  EXPECT_EQ(host.gross->energy, Joules(30.0));
  EXPECT_EQ(host.basis, Basis::measured);

  EXPECT_EQ(total_of({gpu, missing("gpu 1", ComponentKind::gpu)}, Scope::gpu_only).scope,
            "gpu only (gpu 1 missing)");
  EXPECT_EQ(total_of({cpu, missing("cpu package 1", ComponentKind::cpu),
                      missing("dram 0", ComponentKind::dram), gpu},
                     Scope::everything)
                .scope,
            "cpu + gpu (cpu package 1, dram missing)");
}

TEST(TotalOfTest, AFigureWithoutABasisIsNotAdded) {
  auto unfounded = component("gpu 0", ComponentKind::gpu, 100.0);
  unfounded.basis = Basis::missing;
  EXPECT_EQ(total_of({unfounded}, Scope::gpu_only).gross, std::nullopt);
}

TEST(TotalOfTest, IsMissingAndNotZeroWhereNothingCanBeSummed) {
  const TotalEnergy nothing = total_of({}, Scope::everything);
  EXPECT_EQ(nothing.basis, Basis::missing);
  EXPECT_EQ(nothing.gross, std::nullopt);
  EXPECT_EQ(nothing.net, std::nullopt);
  EXPECT_EQ(nothing.scope, "nothing");

  const TotalEnergy unseen = total_of({missing("gpu 0", ComponentKind::gpu)}, Scope::gpu_only);
  EXPECT_EQ(unseen.basis, Basis::missing);
  EXPECT_EQ(unseen.gross, std::nullopt);
  EXPECT_EQ(unseen.scope, "nothing (gpu missing)");
}

TEST(TotalOfTest, IsNetOnlyWhereEveryComponentIs) {
  auto cpu = component("cpu package 0", ComponentKind::cpu, 30.0);
  cpu.net = figure(20.0, {.low = 18.0, .high = 22.0}, {.low = 19.0, .high = 21.0});
  auto dram = component("dram 0", ComponentKind::dram, 5.0);
  EXPECT_EQ(total_of({cpu, dram}, Scope::host_only).net, std::nullopt);
  dram.net = figure(1.0, {.low = -1.0, .high = 3.0}, {.low = 0.5, .high = 1.5});
  EXPECT_EQ(total_of({cpu, dram}, Scope::host_only).net,
            figure(21.0, {.low = 17.0, .high = 25.0}, {.low = 19.5, .high = 22.5}));
}

TEST(NamesTest, AreThoseOfTheRecords) {
  EXPECT_EQ(name_of(Basis::measured), "measured");
  EXPECT_EQ(name_of(Basis::modelled), "modelled");
  EXPECT_EQ(name_of(Basis::simulated), "simulated");
  EXPECT_EQ(name_of(Basis::missing), "missing");
  EXPECT_EQ(name_of(ComponentKind::cpu), "cpu");
  EXPECT_EQ(name_of(ComponentKind::dram), "dram");
  EXPECT_EQ(name_of(ComponentKind::gpu), "gpu");
  EXPECT_EQ(name_of(ComponentKind::other), "other");
}

}  // namespace
}  // namespace wattfor::energy_test
