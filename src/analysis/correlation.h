#pragma once

#include <optional>
#include <span>
#include <vector>

namespace wattfor {

// How two columns go together, in [−1, 1] and without a unit. Each is undefined where the columns
// differ in length, have fewer than three rows (two are always in perfect order), hold a number
// that is not finite, or where one of them is constant.

// Pearson's r, of straight lines: Σ(x−x̄)(y−ȳ) / √(Σ(x−x̄)² · Σ(y−ȳ)²). Linear in the rows. Undefined
// also where squares leave the range of a double (deviations beyond about 1e±154).
std::optional<double> pearson(std::span<const double> x, std::span<const double> y);

// Spearman's ρ, of order: Pearson's r of the average ranks. n·log n.
std::optional<double> spearman(std::span<const double> x, std::span<const double> y);

// Kendall's τ_b, of order, by pairs of rows: (concordant − discordant) / √((n₀−n₁)(n₀−n₂)), n₀ all
// pairs, n₁ and n₂ those tied in x and in y (Kendall, "The Treatment of Ties in Ranking Problems",
// 1945). n·log n: discordant pairs are counted while sorting (Knight, "A Computer Method for
// Calculating Kendall's Tau with Ungrouped Data", 1966).
std::optional<double> kendall(std::span<const double> x, std::span<const double> y);

// The rank of each number, from 1 for the least; equal numbers share the mean of theirs. Undefined
// where one is not finite.
std::optional<std::vector<double>> average_ranks(std::span<const double> column);

}  // namespace wattfor
