#include "workers/onnxruntime/ort_call.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace wattfor::ort {
namespace {

bool says_one_of(std::string_view message, std::span<const std::string_view> signs) {
  return std::ranges::any_of(
      signs, [&](std::string_view sign) { return message.find(sign) != std::string_view::npos; });
}

}  // namespace

CallFailed::CallFailed(OrtErrorCode code, const std::string& message)
    : Error(code == OrtErrorCode::not_implemented ? ErrorCode::unsupported : ErrorCode::io,
            message),
      ort_code_(code) {}

bool CallFailed::out_of_memory() const {
  constexpr std::array<std::string_view, 6> signs{"bad_alloc",
                                                  "bad allocation",
                                                  "Failed to allocate",
                                                  "out of memory",
                                                  "CUBLAS_STATUS_ALLOC_FAILED",
                                                  "CUDNN_STATUS_ALLOC_FAILED"};
  return says_one_of(what(), signs);
}

bool CallFailed::no_gpu() const {
  constexpr std::array<std::string_view, 3> signs{
      "no CUDA-capable device", "driver version is insufficient", "invalid device ordinal"};
  return says_one_of(what(), signs);
}

void check(const OrtApi& api, OrtStatus* status) {
  if (status == nullptr) return;
  std::string message = api.GetErrorMessage(status);
  message.erase(message.find_last_not_of(" \n") + 1);
  const CallFailed failure(api.GetErrorCode(status), message);
  api.ReleaseStatus(status);
  throw failure;
}

}  // namespace wattfor::ort
