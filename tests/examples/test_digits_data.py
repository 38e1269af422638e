"""The shares of the data that examples/digits trains on."""

import unittest

import digits_example  # noqa: F401  the example's folder is looked in
import numpy as np

import models
from plan import Plan
from training import Training


class Shares(unittest.TestCase):
    def test_a_share_is_whole_batches_and_is_told_as_what_it_is(self):
        self.assertEqual([models.share_of(x) for x in (0.01, 0.1, 0.5, 1.0)], [0.01, 0.1, 0.5, 1.0])
        self.assertEqual(models.share_of(0.0131), 0.014)  # 6.55 of 500 batches
        self.assertEqual(models.share_of(1e-6), 0.002)  # one
        for share in (0.002, 0.01, 1.0):
            images, labels = models.batches_of(share)
            self.assertEqual((len(images), len(labels)), (round(10_500 * share),) * 2)

    def test_each_share_has_the_digits_in_proportion_and_lies_in_the_greater_ones(self):
        _, every = models.batches_of(1.0)
        of_all = np.bincount(every, minlength=10) / len(every)
        for share in (0.01, 0.1, 0.5):
            _, labels = models.batches_of(share)
            of_part = np.bincount(labels, minlength=10)
            self.assertLess(np.abs(of_part - of_all * len(labels)).max(), 2.5)  # images
            self.assertTrue((labels == every[: len(labels)]).all())

    def test_the_order_is_random_and_the_seeds(self):
        labels = np.repeat(np.arange(3), 20)
        order = models.stratified_order(labels, 7)
        self.assertEqual(sorted(order), list(range(60)))
        self.assertTrue((order == models.stratified_order(labels, 7)).all())
        self.assertFalse((order == models.stratified_order(labels, 8)).all())


class Plans(unittest.TestCase):
    def test_all_the_data_are_always_trained_on_and_nothing_is_trained_twice(self):
        plan = Plan(models=["m"], epochs=2, shares=[0.1], first_epochs=[1, 2], first_shares=[0.1])
        self.assertEqual(
            plan.trainings(), [Training("m", 0.1, 1), Training("m", 0.1, 2), Training("m", 1.0, 2)]
        )

    def test_the_standard_plan_has_six_models_of_five_shares_and_six_beginnings(self):
        plan = Plan()
        self.assertEqual(len(plan.trainings()), 6 * (5 + 6))
        self.assertTrue(set(plan.models) <= models.DESIGNS.keys())
        self.assertEqual(plan.trainings()[0].name, "digits_mixer_s-1pct-1ep")


if __name__ == "__main__":
    unittest.main()
