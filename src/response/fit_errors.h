#pragma once

#include <optional>
#include <vector>

namespace wattfor {

// A number for each observation, in order of time: what a parameter's change makes of them, their
// weights, what a fit leaves over.
using Column = std::vector<double>;

// Standard errors of the parameters of a weighted least squares, one a column of its Jacobian: the
// larger one of that of independent residuals and of a jackknife over blocks of time, which holds
// for correlated ones too. An observation that decides almost alone (leverage) hides its own
// residual, which is made up for. Nothing where the columns can't be told apart.
std::optional<std::vector<double>> standard_errors(const std::vector<Column>& columns,
                                                   const Column& weights, const Column& rest);

// How many observations tell a parameter: as many as would, of which each tells as much.
double evidence_of(const Column& column, const Column& weights);

}  // namespace wattfor
