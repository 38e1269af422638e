// Compiled by two tests (tests/units/CMakeLists.txt): as it stands it must compile, with
// WATTFOR_ADD_WATTS_AND_JOULES it must not.
#include "units/quantity.h"

namespace wattfor {

constexpr Watts power = Watts(1) + Watts(1);

#ifdef WATTFOR_ADD_WATTS_AND_JOULES
constexpr auto nonsense = Watts(1) + Joules(1);
#endif

}  // namespace wattfor
