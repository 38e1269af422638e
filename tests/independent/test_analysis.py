"""wattfor's statistics against pandas' and scipy's, of made-up data and of the published ones.

Nothing of wattfor's is imported: what `import study`, `analyze` and `rank` answer is computed here
again from the same files, by other people's code, and has to agree to 1e-9.
"""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

try:
    import numpy as np
    import pandas as pd
    from scipy import stats
except ImportError as missing:
    print(f"skipped: {missing}; tools/install check brings it")
    sys.exit(77)

WATTFOR = os.environ["WATTFOR"]
PUBLISHED = Path(os.environ["WATTFOR_TEST_DATA"]) / "inference-energy"
SETUPS = ("A100_PT", "A100_TRT", "H100_PT", "H100_TRT")
TEST_SETS = ("imagenet-original", "imagenet-real", "imagenetv2-matched-frequency", "sketch",
             "imagenet-a", "imagenet-a-clean", "imagenet-r", "imagenet-r-clean")
KEY = ["model", "input_size"]
TOLERANCE = 1e-9


def made_up_study(folder, seed):
    """A study of 240 models in the published layout: sizes, ties, gaps, miscounts."""
    random = np.random.default_rng(seed)
    families = ("resnet", "vgg", "deit_small", "convnext", "mixer_b16", "nobody")
    names = [f"{families[i % len(families)]}{i:03}.w" for i in range(160)]
    rows = [(name, 224) for name in names] + [(name, 384) for name in names[:80]]
    area = np.array([size * size for _, size in rows]) / 224**2
    work = np.exp(random.normal(0.0, 1.2, 160))
    work = np.concatenate([work, work[:80]]) * area
    keys = pd.DataFrame(rows, columns=["Model Name", "Input Size"])
    for setup, scale in zip(SETUPS, (120.0, 30.0, 100.0, 24.0)):
        energy = np.round(scale * work * np.exp(random.normal(0.0, 0.3, len(rows))), 3)
        energy[random.choice(len(rows), 6, replace=False)] = energy[7]
        if setup.endswith("TRT"):
            energy[random.choice(len(rows), 9, replace=False)] = np.nan
        table = keys.assign(**{"Type": "T", "Family": "F", "Accuracy": 1.0, "Max BS": 64,
                               "Optimal BS": 32, "DONE": True,
                               "Throughput": 240000.0 / energy * random.uniform(0.8, 1.05, len(rows)),
                               "Latency": 10.0, "Energy": energy})
        table.sample(frac=1.0, random_state=seed).to_csv(folder / f"{setup}.csv", index=False)
    accuracy = keys.assign(url="x")
    for test_set in TEST_SETS:
        share = 60.0 + 8.0 * np.log10(work + 0.1) + random.normal(0.0, 4.0, len(rows))
        share = np.round(np.clip(share, 1.0, 99.0), 1)
        share[random.choice(len(rows), 5, replace=False)] = np.nan
        accuracy[test_set] = share
    accuracy.to_csv(folder / "model_accuracy.csv", index=False)
    macs = np.round(4e9 * work)
    counted = macs.copy()
    counted[:12] = 1e7
    parameters = np.round(2e7 * np.sqrt(work))
    pd.DataFrame({"model_name": keys["Model Name"], "input_size_csv": keys["Input Size"],
                  "input_size_cfg": keys["Input Size"], "crop_pct_csv": 1, "crop_pct_cfg": 1,
                  "params_csv": parameters / 1e6, "params_tinfo": parameters,
                  "macs_tinfo": macs, "params_ptflops": parameters, "macs_ptflops": counted,
                  "activations": np.round(1e7 * work**0.8)}).to_csv(folder / "model_stats.csv", index=False)


class Study:
    """The files, read by pandas."""

    def __init__(self, folder):
        self.figures = {}
        for setup in SETUPS:
            table = pd.read_csv(folder / f"{setup}.csv")
            table = table.rename(columns={"Model Name": "model", "Input Size": "input_size"})
            table["energy_j"] = table["Energy"] / 1e3
            self.figures[setup] = table.dropna(subset=["energy_j"]).set_index(KEY)
        accuracy = pd.read_csv(folder / "model_accuracy.csv")
        accuracy = accuracy.rename(columns={"Model Name": "model", "Input Size": "input_size"})
        self.accuracy = accuracy.set_index(KEY)
        counts = pd.read_csv(folder / "model_stats.csv")
        counts = counts.rename(columns={"model_name": "model", "input_size_csv": "input_size"})
        self.counts = counts.set_index(KEY)

    def energy(self, setup):
        return self.figures[setup]["energy_j"]

    def judged(self, setup, test_sets=("imagenet-original",)):
        """Energy and mean accuracy of the models that have both."""
        accuracy = self.accuracy[list(test_sets)].mean(axis=1, skipna=False)
        table = pd.DataFrame({"energy_j": self.energy(setup)})
        return table.join(accuracy.rename("accuracy_percent")).dropna()


def front_of(table):
    """By definition: nobody is as good for as little with one of them better."""
    energy, accuracy = table["energy_j"].to_numpy(), table["accuracy_percent"].to_numpy()
    return [not np.any((accuracy >= a) & (energy <= e) & ((accuracy > a) | (energy < e)))
            for e, a in zip(energy, accuracy)]


class Agreement:
    """The claims; a subclass names the folder."""

    @classmethod
    def answer(cls, *words):
        done = subprocess.run([WATTFOR, *words, "--db", cls.home.name + "/a.db", "--json"],
                              capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        return json.loads(done.stdout)

    @classmethod
    def setUpClass(cls):
        cls.home = tempfile.TemporaryDirectory()
        folder = cls.folder(Path(cls.home.name))
        cls.study = Study(folder)
        cls.answer("import", "study", str(folder))
        cls.analysis = cls.answer("analyze")

    @classmethod
    def tearDownClass(cls):
        cls.home.cleanup()

    def agree(self, expected, answered, what):
        self.assertLessEqual(abs(expected - answered), TOLERANCE * max(1e-30, abs(expected)),
                             f"{what}: {expected} here, {answered} there")

    def test_correlations(self):
        of_all = pd.concat([self.study.energy(setup) for setup in SETUPS], axis=1, join="inner").index
        self.assertEqual(len(self.analysis["correlations"]), 12)
        for found in self.analysis["correlations"]:
            both = pd.concat([self.study.energy(found["a"]), self.study.energy(found["b"])],
                             axis=1, join="inner").to_numpy()
            if found["joint"]:
                both = pd.concat([self.study.energy(found["a"]).loc[of_all],
                                  self.study.energy(found["b"]).loc[of_all]], axis=1).to_numpy()
            self.assertEqual(found["models"], len(both))
            self.agree(stats.pearsonr(*both.T)[0], found["pearson"], "Pearson")
            self.agree(stats.spearmanr(*both.T)[0], found["spearman"], "Spearman")

    def test_reductions(self):
        self.assertEqual(len(self.analysis["reductions"]), 2)
        for found in self.analysis["reductions"]:
            slow, fast = self.study.figures[found["from"]], self.study.figures[found["to"]]
            both = slow.join(fast, how="inner", lsuffix="_slow", rsuffix="_fast")
            factor = both["energy_j_slow"] / both["energy_j_fast"]
            self.agree(stats.gmean(factor), found["geometric_mean"], "geometric mean")
            self.agree(stats.gstd(factor), found["geometric_sd"], "geometric SD")
            self.agree(np.quantile(factor, 0.975), found["quantile_97_5"], "quantile")
            gain = np.log(both["Throughput_fast"] / both["Throughput_slow"])
            self.agree(stats.linregress(gain, np.log(factor)).slope,
                       found["by_log_throughput_gain"]["slope"], "slope")

    def test_drivers(self):
        columns = {("parameters", "torchinfo"): "params_tinfo", ("macs", "torchinfo"): "macs_tinfo",
                   ("parameters", "ptflops"): "params_ptflops", ("macs", "ptflops"): "macs_ptflops",
                   ("activations", "study"): "activations"}
        checked = 0
        for found in self.analysis["drivers"]:
            column = columns.get((found["quantity"], found["source"]))
            if column is None:
                continue
            both = pd.concat([self.study.energy(found["setup"]), self.study.counts[column]], axis=1).dropna()
            self.assertEqual(found["models"], len(both))
            self.agree(stats.pearsonr(*both.to_numpy().T)[0], found["pearson"], column)
            self.agree(stats.spearmanr(*both.to_numpy().T)[0], found["spearman"], column)
            flawed = {(each["model"], each["input_size"]) for each in self.analysis["flawed_counts"]
                      if (each["quantity"], each["source"]) == (found["quantity"], found["source"])}
            sound = both[[key not in flawed for key in both.index]]
            self.assertEqual(found["flawed"], len(both) - len(sound))
            self.agree(stats.pearsonr(*sound.to_numpy().T)[0], found["sound_pearson"], column)
            checked += 1
        self.assertEqual(checked, 4 * len(columns))

    def test_impossible_macs_are_found(self):
        counts = self.study.counts
        impossible = counts[counts["macs_ptflops"] < 5 * counts["params_ptflops"]].index
        found = {(each["model"], each["input_size"]) for each in self.analysis["flawed_counts"]
                 if each["source"] == "ptflops"}
        self.assertGreater(len(impossible), 0)
        self.assertLessEqual(set(impossible), found)

    def test_pareto_fronts(self):
        for setup in SETUPS:
            table = self.study.judged(setup)
            front = table[front_of(table)].sort_values("energy_j", kind="stable")
            found = self.analysis["pareto"][setup]
            self.assertEqual(sorted((each["model"], each["input_size"]) for each in found),
                             sorted(front.index))
            for expected, each in zip(front["energy_j"], found):
                self.agree(expected, each["energy_j"], "energy on the front")

    def test_power(self):
        for found in self.analysis["power"]:
            table = self.study.figures[found["setup"]]
            watts = (table["energy_j"] * table["Throughput"]).dropna()
            self.agree(watts.median(), found["median"], "median power")
            self.agree(np.quantile(watts, 0.025), found["quantile_2_5"], "quantile of power")
            self.assertEqual(int((watts > found["limit_w"]).sum()), found["above_limit"])

    def test_naive_estimates(self):
        flawed = {(each["model"], each["input_size"]) for each in self.analysis["flawed_counts"]
                  if (each["quantity"], each["source"]) == ("macs", "ptflops")}
        for setup, rate in (("A100_PT", 19.5e12), ("A100_TRT", 78e12)):
            energy = self.study.energy(setup)
            ratio = (energy / (self.study.counts["macs_ptflops"] / rate * 250.0)).dropna()
            ratio = ratio[[key not in flawed for key in ratio.index]]
            found = next(each for each in self.analysis["naive_estimate"]
                         if (each["setup"], each["source"], each["form"]) == (setup, "ptflops", "published"))
            self.assertEqual(found["models"], len(ratio))
            self.agree(stats.gmean(ratio), found["geometric_mean"], "naive estimate")
            self.agree(ratio.max(), found["greatest"], "worst naive estimate")

    def test_input_sizes(self):
        for found in self.analysis["input_size"]:
            exponents, area, energy = [], [], []
            for _, sizes in self.study.energy(found["setup"]).reset_index().groupby("model"):
                if len(sizes) < 2:
                    continue
                sizes = sizes.sort_values("input_size")
                squares = sizes["input_size"].to_numpy(float) ** 2
                joules = sizes["energy_j"].to_numpy()
                exponents.append(stats.linregress(np.log(squares), np.log(joules)).slope)
                area += list(100 * (squares[1:] / squares[0] - 1))
                energy += list(100 * (joules[1:] / joules[0] - 1))
            self.assertEqual(found["models"], len(exponents))
            self.agree(np.median(exponents), found["exponent_median"], "exponent")
            fit = found["energy_percent_by_area_percent"]
            # Where all images grow alike there is no line; the made-up ones do.
            if fit is not None:
                self.agree(stats.linregress(area, energy).slope, fit["slope"], "slope")

    def test_scoreboards(self):
        for setup in SETUPS:
            table = self.study.judged(setup)
            energy, accuracy = table["energy_j"], table["accuracy_percent"]
            least, greatest = self.study.energy(setup).min(), self.study.energy(setup).max()
            for score, weight in (("efficiency", 0.5), ("manhattan", 0.0), ("manhattan", 0.3),
                                  ("manhattan", 1.0), ("log-manhattan", 0.5)):
                share = energy / greatest
                if score == "log-manhattan":
                    share = np.log(energy / least) / np.log(greatest / least)
                expected = (accuracy / energy if score == "efficiency"
                            else 100 - (weight * share * 100 + (1 - weight) * (100 - accuracy)))
                found = self.answer("rank", "--setup", setup, "--score", score, "--weight", str(weight))
                self.assertEqual(len(found["rows"]), len(table))
                self.assertEqual([row["rank"] for row in found["rows"]],
                                 sorted(row["rank"] for row in found["rows"]))
                best = expected.rank(ascending=False, method="min")
                for row in found["rows"]:
                    key = (row["model"], row["input_size"])
                    self.agree(expected[key], row["score"], score)
                    # Scores that differ by rounding alone may change places.
                    if row["rank"] != best[key]:
                        rival = expected.sort_values(ascending=False).iloc[int(row["rank"]) - 1]
                        self.agree(rival, row["score"], "rank")

    def test_thresholds_and_several_test_sets(self):
        table = self.study.judged("A100_TRT", ("imagenet-original", "sketch"))
        limit = float(table["energy_j"].median())
        passing = table[(table["accuracy_percent"] >= 55.0) & (table["energy_j"] <= limit)]
        found = self.answer("rank", "--setup", "A100_TRT", "--test-set", "imagenet-original", "--test-set",
                            "sketch", "--min-accuracy", "55", "--max-energy-j", repr(limit))
        self.assertEqual({(row["model"], row["input_size"]) for row in found["rows"]}, set(passing.index))
        for row in found["rows"]:
            key = (row["model"], row["input_size"])
            self.agree(table["accuracy_percent"][key], row["accuracy_percent"], "mean accuracy")


class MadeUp(Agreement, unittest.TestCase):
    @staticmethod
    def folder(home):
        folder = home / "study"
        folder.mkdir()
        made_up_study(folder, seed=20241107)
        return folder


@unittest.skipUnless(PUBLISHED.is_dir(), f"the published data are not in {PUBLISHED}")
class Published(Agreement, unittest.TestCase):
    @staticmethod
    def folder(_):
        return PUBLISHED


if __name__ == "__main__":
    unittest.main()
