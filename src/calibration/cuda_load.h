#pragma once

#include <memory>
#include <string>

#include "calibration/calibration_load.h"

namespace wattfor {

// The NVIDIA GPU of that UUID ("GPU-…", as NVML writes it) multiplying and adding on `share` of its
// multiprocessors, through CUDA's driver library, which is opened at run time; no toolkit is
// needed. Work that was begun ends by itself after a minute. Throws Error{not_found} where there is
// no library or no such GPU among those that CUDA shows this process, Error{unsupported} for a
// library that lacks what is needed, Error{io} with the driver's words for all else that it
// refuses.
//
// All calls come from one thread.
std::unique_ptr<CalibrationLoad> cuda_load(const std::string& uuid, double share,
                                           const std::string& library = "libcuda.so.1");

}  // namespace wattfor
