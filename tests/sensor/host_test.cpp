#include "sensor/host.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "support/temp_tree.h"

namespace wattfor::host_test {
namespace {

using namespace std::string_view_literals;
using test::TempTree;

HostFacts facts_of(const TempTree& tree) { return read_host_facts(tree.root(), tree.root()); }

void add_x86(const TempTree& tree, const std::string& flags) {
  tree.write("cpuinfo",
             "processor\t: 0\nvendor_id\t: GenuineIntel\nmodel name\t: Xeon\nflags\t\t: " + flags +
                 "\n\nprocessor\t: 1\nmodel name\t: Xeon\n");
}

TEST(HostTest, ReadsProcessorAndMemory) {
  const TempTree tree;
  tree.write("cpuinfo",
             "processor\t: 0\nvendor_id\t: AuthenticAMD\n"
             "model name\t: AMD EPYC 9575F 64-Core Processor\nflags\t\t: fpu\n\n"
             "processor\t: 1\nmodel name\t: AMD EPYC 9575F 64-Core Processor\n\n");
  tree.write("meminfo", "MemTotal:       65536000 kB\nMemFree:        1 kB\n");
  const HostFacts facts = facts_of(tree);
  EXPECT_EQ(facts.cpu, "AMD EPYC 9575F 64-Core Processor");
  EXPECT_EQ(facts.cpu_vendor, "AuthenticAMD");
  EXPECT_EQ(facts.logical_cpus, 2);
  EXPECT_DOUBLE_EQ(facts.memory_bytes, 65536000.0 * 1024.0);
  EXPECT_EQ(facts.virtualisation, "");
  EXPECT_FALSE(facts.hostname.empty());
  EXPECT_FALSE(facts.kernel.empty());
}

TEST(HostTest, NamesAnArmServerByItsCore) {
  const TempTree tree;
  tree.write("cpuinfo",
             "processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: 0xd4f\n\nprocessor\t: 1\n");
  EXPECT_EQ(facts_of(tree).cpu, "Neoverse-V2");
  EXPECT_EQ(facts_of(tree).logical_cpus, 2);
}

TEST(HostTest, NamesAnUnknownArmCoreByItsBoardOrItsNumbers) {
  const TempTree tree;
  tree.write("cpuinfo", "processor\t: 0\nCPU implementer\t: 0x99\nCPU part\t: 0x123\n");
  EXPECT_EQ(facts_of(tree).cpu, "arm64 0x99-0x123");
  tree.write("device-tree/model", "NVIDIA Jetson AGX Orin\0"sv);
  EXPECT_EQ(facts_of(tree).cpu, "NVIDIA Jetson AGX Orin");
}

TEST(HostTest, NamesSomethingWhereTheKernelSaysNothing) {
  const TempTree tree;
  const HostFacts facts = facts_of(tree);
  EXPECT_FALSE(facts.cpu.empty());
  EXPECT_GE(facts.logical_cpus, 1);
  EXPECT_DOUBLE_EQ(facts.memory_bytes, 0.0);
}

TEST(HostTest, SurvivesGarbage) {
  const TempTree tree;
  tree.write("cpuinfo", ":\n::\nmodel name\nprocessor:\xff\0\n"sv);
  tree.write("meminfo", "MemTotal: many kB\n");
  const HostFacts facts = facts_of(tree);
  EXPECT_GE(facts.logical_cpus, 1);
  EXPECT_DOUBLE_EQ(facts.memory_bytes, 0.0);
}

TEST(HostTest, KnowsTheHypervisorByItsFirmware) {
  const TempTree tree;
  add_x86(tree, "fpu hypervisor sse");
  EXPECT_EQ(facts_of(tree).virtualisation, "unknown hypervisor");
  tree.write("class/dmi/id/sys_vendor", "Microsoft Corporation\n");
  tree.write("class/dmi/id/product_name", "Virtual Machine\n");
  EXPECT_EQ(facts_of(tree).virtualisation, "hyper-v");
  tree.write("class/dmi/id/sys_vendor", "VMware, Inc.\n");
  tree.write("class/dmi/id/product_name", "VMware Virtual Platform\n");
  EXPECT_EQ(facts_of(tree).virtualisation, "vmware");
  tree.write("hypervisor/type", "xen\n");
  EXPECT_EQ(facts_of(tree).virtualisation, "xen");
}

TEST(HostTest, KnowsAHypervisorWithoutFirmwareTablesByItsClock) {
  const TempTree tree;
  add_x86(tree, "hypervisor");
  tree.write("devices/system/clocksource/clocksource0/available_clocksource", "tsc kvm-clock \n");
  EXPECT_EQ(facts_of(tree).virtualisation, "kvm");
}

TEST(HostTest, TakesAProcessorWithoutTheFlagForBareMetal) {
  const TempTree tree;
  add_x86(tree, "fpu hypervisors sse");
  tree.write("class/dmi/id/sys_vendor", "Amazon EC2\n");
  tree.write("class/dmi/id/product_name", "m5.metal\n");
  EXPECT_EQ(facts_of(tree).virtualisation, "");
}

TEST(HostTest, KnowsAnArmGuestByItsFirmware) {
  const TempTree tree;
  tree.write("cpuinfo", "processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: 0xd0c\n");
  tree.write("class/dmi/id/sys_vendor", "Amazon EC2\n");
  tree.write("class/dmi/id/product_name", "c6g.large\n");
  EXPECT_EQ(facts_of(tree).virtualisation, "kvm");
  tree.write("class/dmi/id/product_name", "c6g.metal\n");
  EXPECT_EQ(facts_of(tree).virtualisation, "");
}

TEST(CpuSlugTest, KeepsWhatNamesTheProcessor) {
  EXPECT_EQ(cpu_slug("AMD EPYC 9575F 64-Core Processor"), "epyc-9575f");
  EXPECT_EQ(cpu_slug("AMD EPYC 7B12"), "epyc-7b12");
  EXPECT_EQ(cpu_slug("Intel(R) Xeon(R) Platinum 8480+"), "xeon-platinum-8480");
  EXPECT_EQ(cpu_slug("Intel(R) Xeon(R) CPU E5-2680 v4 @ 2.40GHz"), "xeon-e5-2680-v4");
  EXPECT_EQ(cpu_slug("Intel(R) Xeon(R) CPU @ 2.20GHz"), "intel-xeon");
  EXPECT_EQ(cpu_slug("13th Gen Intel(R) Core(TM) i9-13900K"), "core-i9-13900k");
  EXPECT_EQ(cpu_slug("AMD Ryzen 7 7840U w/ Radeon 780M Graphics"), "ryzen-7-7840u");
  EXPECT_EQ(cpu_slug("AMD Ryzen Threadripper PRO 5995WX 64-Cores"),
            "ryzen-threadripper-pro-5995wx");
  EXPECT_EQ(cpu_slug("Neoverse-V2"), "neoverse-v2");
}

TEST(CpuSlugTest, KeepsTheVendorWhereTheRestNamesNoProcessor) {
  EXPECT_EQ(cpu_slug("AMD EPYC"), "amd-epyc");
  EXPECT_EQ(cpu_slug("Intel Xeon Processor"), "intel-xeon");
  EXPECT_EQ(cpu_slug("Intel Xeon Processor (Skylake, IBRS)"), "intel-xeon-skylake-ibrs");
}

TEST(CpuSlugTest, IsNeverEmptyAndHasOnlyPlainCharacters) {
  EXPECT_EQ(cpu_slug(""), "cpu");
  EXPECT_EQ(cpu_slug("Processor"), "cpu");
  EXPECT_EQ(cpu_slug(" / \t \xe2\x84\xa2 "), "cpu");
  EXPECT_EQ(cpu_slug("龍芯 3A5000 / \"x\"\n;rm"), "3a5000-x-rm");
}

}  // namespace
}  // namespace wattfor::host_test
