#pragma once

#include <string>

#include "workers/onnxruntime/ort_api.h"
#include "workers/onnxruntime/ort_call.h"

namespace wattfor::ort {

// A session's inputs where its device reads them, and outputs that stay where it writes them: what
// a run then takes is the model's alone, without copies. Calls throw CallFailed.
class Binding {
 public:
  // Refers to both, which have to outlive it.
  Binding(const OrtApi& api, OrtSession& session, const OrtMemoryInfo& device);

  // Copies the value to the device, where it does not lie there already: it is not needed after.
  void bind_input(const std::string& name, const OrtValue& value);
  void bind_output(const std::string& name);
  // Runs the model once, to its end on the device.
  void run();

 private:
  const OrtApi& api_;
  OrtSession& session_;
  const OrtMemoryInfo& device_;
  Owned<OrtIoBinding> binding_;
};

}  // namespace wattfor::ort
