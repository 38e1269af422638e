#pragma once

#include <optional>
#include <string>

#include "units/quantity.h"

namespace wattfor {

// What is known of a processor by its name: its thermal design power (TDP, what it may draw for
// long under load) and its logical CPUs with simultaneous multithreading as the maker counts them.
struct Processor {
  std::string name;  // as the table has it
  Watts tdp;
  int threads = 0;
  // A series of servers whose members differ in size: of one only its watts a thread are known.
  bool power_goes_with_threads = false;
  double idle_share = 0.0;   // of TDP, drawn by the package while it does nothing
  double uncertainty = 0.0;  // relative half-width, 95 %, of power modelled from these
};

// By the model name of /proc/cpuinfo; the exact processor, else its series, else nothing.
std::optional<Processor> find_processor(const std::string& cpu);

}  // namespace wattfor
