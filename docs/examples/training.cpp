// A training that is measured from C++: a window of its own, its epochs, and its accuracy.
#include <iostream>
#include <wattfor/wattfor.hpp>

namespace {

double work(int terms) {
  double sum = 0.0;
  for (int i = 1; i <= terms; ++i) sum += 1.0 / i;
  return sum;
}

}  // namespace

int main() {
  wattfor::Meter meter;

  wattfor::Window loading = meter.window("loading");
  double sum = work(10'000'000);
  loading.end();

  wattfor::Run run(meter, "resnet50");
  run.tell("epochs_total", 90);
  run.tell("data_fraction", 0.01);
  for (int i = 0; i < 3; ++i) {
    const wattfor::Window epoch = run.epoch();  // it ends with its scope
    sum += work(10'000'000);
  }
  run.tell("accuracy", 0.761);
  run.finish();

  std::cout << loading.energy() << '\n' << run.energy() << '\n';
  return sum > 0.0 ? 0 : 1;
}
