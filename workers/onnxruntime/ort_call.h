#pragma once

#include <memory>
#include <string>

#include "base/error.h"
#include "workers/onnxruntime/ort_api.h"

namespace wattfor::ort {

// What a call into the library failed for, in the library's words.
class CallFailed : public Error {
 public:
  CallFailed(OrtErrorCode code, const std::string& message);

  OrtErrorCode ort_code() const { return ort_code_; }
  // True where an allocation was refused, on the device too. The library has no code of its own for
  // that.
  bool out_of_memory() const;
  // True where there is no such GPU, or no driver for it.
  bool no_gpu() const;

 private:
  OrtErrorCode ort_code_;
};

// Throws CallFailed unless the call succeeded; takes the status over.
void check(const OrtApi& api, OrtStatus* status);

// Owns an object of the library.
template <class Object>
using Owned = std::unique_ptr<Object, void (*)(Object*)>;

// Creates an object by one of the library's calls, which fills in a pointer to it.
template <class Object, class Create>
Owned<Object> owned(void (*release)(Object*), Create create) {
  Object* object = nullptr;
  create(&object);
  return {object, release};
}

}  // namespace wattfor::ort
