#include <fmt/format.h>

#include <cstdio>
#include <optional>

#include "base/clock.h"
#include "cli/progress.h"
#include "cli/simulated_work.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "measurement/json.h"
#include "report/sensors_view.h"
#include "sensor/discovery.h"
#include "sensor/host.h"
#include "sensor/meter_spec.h"

namespace wattfor::cli {

int run_verb(const SensorsOptions& options) {
  const DiscoveryRoots roots = roots_from_environment(meter_specs(options.meters));
  const ProbeResult found = devices_of(options.simulate, roots).found;
  SensorsView view = sensors_view(read_host_facts(roots.procfs, roots.sysfs), found);
  if (options.probe) {
    const SystemClock clock;
    ProgressBar bar(clock);
    probe_sensors(view, found, clock, Seconds(0.5), [&bar](std::size_t done, std::size_t all) {
      bar.show(static_cast<double>(done) / static_cast<double>(all), "probing sensors");
    });
  }
  fmt::print("{}", options.json ? dump(sensors_json(view), 2) + "\n"
                                : sensors_text(view, terminal_width(stdout)));
  return 0;
}

}  // namespace wattfor::cli
