#include "c_api/guarded.h"

#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>
#include <string>

namespace wattfor::c_api {
namespace {

thread_local std::string last_message;
thread_local const char* message_shown = "";

wattfor_status status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::usage:
      return WATTFOR_USAGE;
    case ErrorCode::invalid_input:
      return WATTFOR_INVALID_INPUT;
    case ErrorCode::not_found:
      return WATTFOR_NOT_FOUND;
    case ErrorCode::permission_denied:
      return WATTFOR_PERMISSION_DENIED;
    case ErrorCode::unsupported:
      return WATTFOR_UNSUPPORTED;
    case ErrorCode::timed_out:
      return WATTFOR_TIMED_OUT;
    case ErrorCode::io:
      return WATTFOR_IO;
  }
  return WATTFOR_INTERNAL;
}

}  // namespace

wattfor_status failed(wattfor_status status, std::string_view message) noexcept {
  try {
    last_message = message;
    message_shown = last_message.c_str();
  } catch (const std::bad_alloc&) {
    message_shown = "there is no memory for the message";
  }
  return status;
}

wattfor_status failed_with_current() noexcept {
  try {
    throw;
  } catch (const Error& error) {
    return failed(status_of(error.code()), error.what());
  } catch (const std::bad_alloc&) {
    return failed(WATTFOR_NO_MEMORY, "there is no memory");
  } catch (const std::exception& error) {
    return failed(WATTFOR_INTERNAL, error.what());
  } catch (...) {
    return failed(WATTFOR_INTERNAL, "something was thrown that is no exception");
  }
}

std::string required_text(const char* text, const char* what) { return &required(text, what); }

char* copied_for_caller(std::string_view text) {
  auto* copy = static_cast<char*>(std::malloc(text.size() + 1));
  if (copy == nullptr) throw std::bad_alloc();
  std::memcpy(copy, text.data(), text.size());
  copy[text.size()] = '\0';
  return copy;
}

}  // namespace wattfor::c_api

const char* wattfor_error_message(void) { return wattfor::c_api::message_shown; }

void wattfor_free(char* text) { std::free(text); }
