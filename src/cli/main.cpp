#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iterator>
#include <system_error>

#include "base/error.h"
#include "base/log.h"
#include "cli/arguments.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "document/text_table.h"

namespace {

using wattfor::printable_lines;
using wattfor::cli::say;

constexpr int asked_thing_failed = 1;
constexpr int wrong_usage = 2;

void print_log_line(wattfor::LogLevel level, std::string_view line) {
  say(fmt::format("wattfor: {}{}\n", level == wattfor::LogLevel::warning ? "warning: " : "",
                  printable_lines(line)));
}

int answer(int argc, char** argv) {
  const auto parsed =
      wattfor::cli::parse_arguments(argc, argv, wattfor::cli::terminal_width(stdout));
  if (const int* status = std::get_if<int>(&parsed)) return *status;
  return std::visit([](const auto& options) { return wattfor::cli::run_verb(options); },
                    std::get<wattfor::cli::Verb>(parsed));
}

int answer_or_say_why_not(int argc, char** argv) {
  try {
    const int status = answer(argc, argv);
    // A full disk behind a redirected stdout shows only now.
    if (std::fflush(stdout) != 0) {
      say("wattfor: writing to standard output failed\n");
      return asked_thing_failed;
    }
    return status;
  } catch (const wattfor::Error& error) {
    say(fmt::format("wattfor: {}\n", printable_lines(error.what())));
    return error.code() == wattfor::ErrorCode::usage ? wrong_usage : asked_thing_failed;
  } catch (const std::exception& error) {
    say(fmt::format("wattfor: unexpected failure: {}\n", error.what()));
    return asked_thing_failed;
  }
}

bool another_thread_runs() {
  std::error_code unreadable;
  const std::filesystem::directory_iterator threads("/proc/self/task", unreadable);
  return std::distance(begin(threads), end(threads)) > 1;
}

}  // namespace

int main(int argc, char** argv) {
  wattfor::set_log_sink(print_log_line);
  const int status = answer_or_say_why_not(argc, argv);
  // The meter leaves a thread behind that is held by a driver or a server, in code of libcurl's, of
  // a TLS library's or of NVML's. Their exit handlers must not take away what it still uses, and it
  // can't always be called back: a name that is looked up is not. So none runs.
  if (another_thread_runs()) {
    std::fflush(nullptr);
    std::_Exit(status);
  }
  return status;
}
