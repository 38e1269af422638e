// A training that is measured from C: a window of its own, its epochs, and its accuracy.
#include <stdio.h>
#include <wattfor/wattfor.h>

static double work(int terms) {
  double sum = 0.0;
  for (int i = 1; i <= terms; ++i) sum += 1.0 / i;
  return sum;
}

static void print_energy(wattfor_energy* energy) {
  const wattfor_interval interval = wattfor_energy_interval(energy);
  printf("%s: %.3g J (95 %%: %.3g to %.3g J), %s, %s\n", wattfor_energy_name(energy),
         wattfor_energy_joules(energy), interval.low, interval.high,
         wattfor_basis_name(wattfor_energy_basis(energy)), wattfor_energy_scope(energy));
}

int main(void) {
  wattfor_meter* meter = NULL;
  if (wattfor_meter_open(NULL, &meter) != WATTFOR_OK) {
    fprintf(stderr, "nothing is measured: %s\n", wattfor_error_message());
  }

  wattfor_window* loading = NULL;
  wattfor_window_begin(meter, "loading", &loading);
  double sum = work(10000000);
  wattfor_window_end(loading);

  wattfor_run* run = NULL;
  wattfor_run_begin(meter, "resnet50", NULL, &run);
  wattfor_run_tell(run, "epochs_total", "90");
  wattfor_run_tell(run, "data_fraction", "0.01");
  for (int i = 0; i < 3; ++i) {
    wattfor_window* epoch = NULL;
    wattfor_run_begin_epoch(run, WATTFOR_NEXT, &epoch);
    sum += work(10000000);
    wattfor_window_end(epoch);
    wattfor_window_free(epoch);
  }
  wattfor_run_tell(run, "accuracy", "0.761");
  if (wattfor_run_finish(run, WATTFOR_DONE, NULL) != WATTFOR_OK) {
    fprintf(stderr, "%s\n", wattfor_error_message());
  }

  wattfor_energy* energy = NULL;
  wattfor_window_energy(loading, &energy);
  print_energy(energy);
  wattfor_energy_free(energy);
  wattfor_run_energy(run, &energy);
  print_energy(energy);
  wattfor_energy_free(energy);

  wattfor_run_free(run);
  wattfor_window_free(loading);
  wattfor_meter_close(meter);
  return sum > 0.0 ? 0 : 1;
}
