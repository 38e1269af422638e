#include "meter/processor_table.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace wattfor::processor_table_test {
namespace {

TEST(ProcessorTableTest, FindsModelsAndSeriesByTheNamesThatKernelsShow) {
  struct Case {
    std::string cpu;
    double tdp_w;
    int threads;
    double uncertainty;
  };
  const std::vector<Case> cases = {
      {"AMD EPYC 9575F 64-Core Processor", 400, 128, 0.5},
      {"AMD EPYC 7302P 16-Core Processor", 155, 32, 0.5},
      {"AMD EPYC 7742 64-Core Processor", 225, 128, 0.5},
      {"Intel(R) Xeon(R) Gold 6248 CPU @ 2.50GHz", 150, 40, 0.5},
      {"Intel(R) Xeon(R) Gold 6248R CPU @ 3.00GHz", 205, 48, 0.5},
      {"Intel(R) Xeon(R) Platinum 8480+", 350, 112, 0.5},
      {"Intel(R) Xeon(R) CPU E5-2690 v4 @ 2.60GHz", 135, 28, 0.5},
      {"13th Gen Intel(R) Core(TM) i9-13900K", 125, 32, 0.5},
      {"AMD Ryzen 9 7950X 16-Core Processor", 170, 32, 0.5},
      {"AMD Ryzen Threadripper PRO 5995WX 64-Cores", 280, 128, 0.5},
      {"AMD Ryzen Threadripper 9980X 64-Cores", 350, 128, 0.5},
      {"AMD Ryzen Threadripper PRO 9995WX 96-Cores", 350, 192, 0.5},
      {"AMD EPYC 4564P 16-Core Processor", 170, 32, 0.5},
      {"AMD EPYC 4584PX 16-Core Processor", 120, 32, 0.5},
      {"AMD EPYC 8024P 8-Core Processor", 90, 16, 0.5},
      {"AMD EPYC 8534PN 64-Core Processor", 175, 128, 0.5},
      // A large socket of the series, not a desktop chip with an X.
      {"AMD Ryzen Threadripper 1950X 16-Core Processor", 280, 64, 0.7},
      {"AMD Ryzen Threadripper PRO 3955WX 16-Cores", 280, 64, 0.7},
      // Not in the table: by the letters behind the number.
      {"Intel(R) Core(TM) i5-8250U CPU @ 1.60GHz", 15, 16, 0.7},
      {"12th Gen Intel(R) Core(TM) i7-12700H", 45, 16, 0.7},
      {"AMD Ryzen 7 5800H with Radeon Graphics", 45, 16, 0.7},
      // Hypervisors' names, and makers of one series.
      {"AMD EPYC", 280, 128, 0.7},
      {"AMD EPYC-Rome Processor", 225, 128, 0.7},
      {"AMD EPYC 7B13", 280, 128, 0.7},
      {"Intel Xeon Processor (Skylake, IBRS)", 205, 56, 0.7},
      {"Intel(R) Xeon(R) Platinum 8375C CPU @ 2.90GHz", 205, 56, 0.7},
      {"Intel(R) Xeon(R) CPU D-1541 @ 2.10GHz", 60, 16, 0.7},
      {"Intel(R) Xeon(R) D-2146NT CPU @ 2.30GHz", 60, 16, 0.7},
      // An Intel P is a processor of its own: 350 W, as its 96 threads at the series' 3.7 W say.
      {"INTEL(R) XEON(R) PLATINUM 8558P", 205, 56, 0.7},
      {"Neoverse-N1", 210, 80, 0.7},
  };
  for (const Case& c : cases) {
    const auto found = find_processor(c.cpu);
    ASSERT_TRUE(found) << c.cpu;
    EXPECT_DOUBLE_EQ(found->tdp.value(), c.tdp_w) << c.cpu;
    EXPECT_EQ(found->threads, c.threads) << c.cpu;
    EXPECT_DOUBLE_EQ(found->uncertainty, c.uncertainty) << c.cpu;
    EXPECT_FALSE(found->name.empty()) << c.cpu;
  }
}

TEST(ProcessorTableTest, OnlyAServersSeriesGoesWithItsThreads) {
  EXPECT_TRUE(find_processor("AMD EPYC 7B13")->power_goes_with_threads);
  EXPECT_FALSE(find_processor("AMD EPYC 7742 64-Core Processor")->power_goes_with_threads);
  EXPECT_FALSE(find_processor("AMD Ryzen Threadripper 1950X")->power_goes_with_threads);
  EXPECT_FALSE(find_processor("12th Gen Intel(R) Core(TM) i7-12700H")->power_goes_with_threads);
}

TEST(ProcessorTableTest, AnUnknownProcessorIsNotGuessed) {
  EXPECT_FALSE(find_processor("QEMU Virtual CPU version 2.5+"));
  EXPECT_FALSE(find_processor("arm64"));
  EXPECT_FALSE(find_processor(""));
}

}  // namespace
}  // namespace wattfor::processor_table_test
