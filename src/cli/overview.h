#pragma once

// What `wattfor --help`, and the manual page wattfor(1), say around the list of the verbs.
namespace wattfor::cli {

constexpr const char* about =
    "wattfor tells what a deep-learning model costs in electricity, joins that with its accuracy,\n"
    "and shows which model gives the most for the least.";

// sections_of() reads this: two spaces or more between a term and its explanation.
constexpr const char* below_the_verbs =
    R"(`wattfor VERB --help` explains each verb with examples.

Examples:
  wattfor sensors                      what can be read on this machine, and how to unlock the rest
  wattfor top                          power now and energy so far, live
  wattfor run -- python train.py       the energy of any command
  wattfor extrapolate RUN RUN --epochs 90  what a whole training takes, from its first epochs
  wattfor replay --log gpu.csv --marks marks.csv  the energy of marked stretches of a log
  wattfor simulate                     how wrong a power sensor is about a load that is known
  wattfor sweep models/*.onnx          energy per image of models over batch sizes
  wattfor import accuracy FILE.csv     bring the models' accuracies in
  wattfor rank                         most accuracy for the least energy
  wattfor pick --min-accuracy 95       the best model under limits of yours
  wattfor compare MODEL MODEL          models side by side
  wattfor switch MODEL                 what is as accurate and costs less
  wattfor footprint RUN --region DE    what a run took, emitted and cost, for a paper or a card
  wattfor analyze --out report         what drives energy and what accuracy costs, with pictures
  wattfor predict MODEL                the energy of a model that nobody has measured
  wattfor serve --open                 all of it in the browser, live
  wattfor publish site                 the same as a folder, for any web server or none
  wattfor score sam --accuracy 80 --kwh 68  what a training run's accuracy cost

Files:
  ~/.local/share/wattfor/wattfor.db    the store: every record, in one SQLite file
  ~/.config/wattfor/config.json        region, PUE and price of the electricity: `footprint --help`
  ~/.local/share/wattfor/profiles      what `calibrate` found of this machine's sensors

Environment:
  WATTFOR_DB           the store's file, where --db names none
  WATTFOR_MARKS        under `wattfor run`: the socket that takes the command's marks
  WATTFOR_PROFILES     the folder of the sensors' profiles
  WATTFOR_CONFIG       the configuration's file
  XDG_DATA_HOME        what stands for ~/.local/share
  XDG_CONFIG_HOME      what stands for ~/.config
  WATTFOR_ONNXRUNTIME  the library libonnxruntime.so, where --runtime-library names none
  WATTFOR_FONTS        where the letters of PNG figures are looked for [/usr/share/fonts]
  WATTFOR_NVML         NVIDIA's library [libnvidia-ml.so.1]
  WATTFOR_REDFISH_USER      who reads a management controller (--meter redfish:URL)
  WATTFOR_REDFISH_PASSWORD  this user's password
  WATTFOR_REDFISH_INSECURE  1: take any certificate, and send the password over http too
  WATTFOR_SYSFS        the kernel's tree [/sys]; a container may have the host's elsewhere
  WATTFOR_PROCFS       likewise [/proc]

Exit status:
  0  what was asked is done
  1  it failed, or a part of it; the reason is on standard error
  2  the words of the call are wrong)";

}  // namespace wattfor::cli
