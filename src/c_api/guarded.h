#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "wattfor/wattfor.h"

namespace wattfor::c_api {

// Keeps it for wattfor_error_message(), and answers the status.
wattfor_status failed(wattfor_status status, std::string_view message) noexcept;

// Of the exception that is being handled.
wattfor_status failed_with_current() noexcept;

// No exception crosses into C: it becomes the status.
template <class Work>
wattfor_status guarded(const Work& work) noexcept {
  try {
    work();
    return WATTFOR_OK;
  } catch (...) {
    return failed_with_current();
  }
}

// The same of what answers: `otherwise` where it can't.
template <class Answer, class Work>
Answer guarded_answer(Answer otherwise, const Work& work) noexcept {
  try {
    return work();
  } catch (...) {
    failed_with_current();
    return otherwise;
  }
}

// The object behind a handle, or the text behind a pointer. Throws Error{usage}.
template <class Type>
Type& required(Type* pointer, const char* what) {
  if (pointer == nullptr) {
    throw Error(ErrorCode::usage, std::string(what) + " is NULL, and must not be");
  }
  return *pointer;
}
std::string required_text(const char* text, const char* what);

// A copy of the caller's own, for wattfor_free().
char* copied_for_caller(std::string_view text);

}  // namespace wattfor::c_api
