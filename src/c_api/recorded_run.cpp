#include "c_api/recorded_run.h"

#include <fmt/format.h>

#include <exception>
#include <utility>

#include "base/error.h"
#include "base/forks.h"
#include "base/log.h"

namespace wattfor::c_api {
namespace {

const std::string nothing;

const std::string& no_sqlite() {
  static const std::string reason = "SQLite can't be used in a process made by fork";
  return reason;
}

// Why the record is in no store, as `kept` says; empty where it is in one.
std::string trouble_of(const std::optional<KeptRecord>& kept) {
  if (!kept) return "it could be written nowhere";
  if (kept->in_store) return "";
  if (ProcessRun::goes_by_file()) return no_sqlite();
  return kept->failure;
}

}  // namespace

RecordedRun::RecordedRun(std::shared_ptr<MeterOnDemand> meter, RunDraft draft)
    : run_(std::move(meter), std::move(draft), [] {}) {}

const RecordedRun::Ended* RecordedRun::ended() const {
  if (!run_.is_ours()) refuse_forked();  // our lock may be held by a thread that is not there
  const std::lock_guard lock(mutex_);
  return ended_ ? &*ended_ : nullptr;
}

RecordedRun::Energy RecordedRun::energy() const {
  const Ended* ended = this->ended();
  if (ended != nullptr && ended->record) {
    return {.report = ended->record->energy, .is_final = true};
  }
  return {.report = run_.so_far()};
}

RecordedRun::Window RecordedRun::window(Key key) const {
  const Ended* ended = this->ended();
  if (ended != nullptr && ended->record) {
    return {.window = ended->record->windows.at(static_cast<std::size_t>(key)),
            .scope = ended->record->energy.total.scope,
            .is_final = true};
  }
  MarkedWindow window = run_.figure(key);
  const bool is_final = window.ended;
  return {.window = std::move(window), .scope = energy().report->total.scope, .is_final = is_final};
}

Measurement RecordedRun::record() const {
  const Ended* ended = this->ended();
  if (ended != nullptr && ended->record) return *ended->record;
  if (auto record = run_.record_by_now()) return *std::move(record);
  throw Error(
      ErrorCode::not_found,
      fmt::format("this node is measured by {}, which has kept nothing yet", run_.measured_by()));
}

const std::string& RecordedRun::id() const {
  if (!run_.is_ours()) return nothing;
  const Ended* ended = this->ended();
  std::string id = ended != nullptr && ended->record ? ended->record->id : run_.id();
  const std::lock_guard lock(mutex_);
  return *ids_.insert(std::move(id)).first;
}

const std::string& RecordedRun::file() const {
  if (!run_.is_ours()) return nothing;
  const Ended* ended = this->ended();
  return ended != nullptr ? ended->file : nothing;
}

const std::string& RecordedRun::trouble() const {
  if (!run_.is_ours()) return nothing;
  const Ended* ended = this->ended();
  if (ended != nullptr) return ended->trouble;
  return ProcessRun::goes_by_file() ? no_sqlite() : run_.trouble();
}

void RecordedRun::finish(Outcome outcome, const std::string& reason) {
  if (!run_.is_ours()) refuse_forked();
  const std::lock_guard lock(mutex_);  // who asks meanwhile waits for the record
  ProcessRun::Finished finished = run_.finish(outcome, reason);
  ended_ = Ended{.record = std::move(finished.record),
                 .file = finished.kept ? finished.kept->file.string() : "",
                 .trouble = finished.measured_here ? trouble_of(finished.kept) : ""};
  if (ended_->trouble.empty()) return;
  throw Error(ErrorCode::io,
              fmt::format("the record is not in the store: {}{}", ended_->trouble,
                          ended_->file.empty()
                              ? ""
                              : fmt::format("; it is in {}, for `wattfor import`", ended_->file)));
}

void RecordedRun::drop() noexcept {
  try {
    if (!run_.is_ours() || ended() != nullptr) return;
    finish(Outcome::interrupted, "the program dropped the run before its end");
  } catch (const std::exception& error) {
    log(LogLevel::warning, error.what());
  }
}

}  // namespace wattfor::c_api
