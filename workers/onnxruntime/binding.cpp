#include "workers/onnxruntime/binding.h"

namespace wattfor::ort {

Binding::Binding(const OrtApi& api, OrtSession& session, const OrtMemoryInfo& device)
    : api_(api), session_(session), device_(device), binding_(nullptr, api.ReleaseIoBinding) {
  binding_ = owned(api_.ReleaseIoBinding, [&](OrtIoBinding** made) {
    check(api_, api_.CreateIoBinding(&session_, made));
  });
}

void Binding::bind_input(const std::string& name, const OrtValue& value) {
  check(api_, api_.BindInput(binding_.get(), name.c_str(), &value));
  // The copy may still be on its way.
  check(api_, api_.SynchronizeBoundInputs(binding_.get()));
}

void Binding::bind_output(const std::string& name) {
  check(api_, api_.BindOutputToDevice(binding_.get(), name.c_str(), &device_));
}

void Binding::run() {
  check(api_, api_.RunWithBinding(&session_, nullptr, binding_.get()));
  check(api_, api_.SynchronizeBoundOutputs(binding_.get()));
}

}  // namespace wattfor::ort
