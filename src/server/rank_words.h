#pragma once

#include "report/rank.h"
#include "server/request_target.h"

namespace wattfor {

// The words of a query as those of `wattfor rank`, without their dashes. Throws Error{usage} for
// one that is none (it names the nearest), for one that is there twice and can't be, and for a
// number that is none; the limits of the numbers are rank()'s to hold.
RankQuery rank_query(const QueryWords& words);

}  // namespace wattfor
