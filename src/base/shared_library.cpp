#include "base/shared_library.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <utility>

#include "base/error.h"

namespace wattfor {

SharedLibrary::SharedLibrary(const std::string& name) {
  // To dlopen an empty name is the program itself.
  if (name.empty()) throw Error(ErrorCode::not_found, "cannot open a library without a name");
  handle_ = ::dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle_ == nullptr) {
    const char* reason = ::dlerror();
    throw Error(ErrorCode::not_found, fmt::format("cannot open the library '{}': {}", name,
                                                  reason != nullptr ? reason : "unknown reason"));
  }
}

SharedLibrary::SharedLibrary(SharedLibrary&& other) noexcept
    : handle_(std::exchange(other.handle_, nullptr)) {}

SharedLibrary& SharedLibrary::operator=(SharedLibrary&& other) noexcept {
  // The old library closes with `other`.
  std::swap(handle_, other.handle_);
  return *this;
}

SharedLibrary::~SharedLibrary() {
  if (handle_ != nullptr) ::dlclose(handle_);
}

void* SharedLibrary::address(const char* name) const {
  // To dlsym a null handle is every library that is loaded.
  return handle_ == nullptr ? nullptr : ::dlsym(handle_, name);
}

}  // namespace wattfor
