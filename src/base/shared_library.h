#pragma once

#include <string>

namespace wattfor {

// A library opened at run time, symbol by symbol. The one seam to dlopen: nothing else calls it,
// and a test passes the path of a fake instead of the library's name.
class SharedLibrary {
 public:
  // `name` is a path or a bare name that the loader looks up. Throws Error{not_found} with the
  // loader's reason.
  explicit SharedLibrary(const std::string& name);
  SharedLibrary(SharedLibrary&& other) noexcept;
  SharedLibrary& operator=(SharedLibrary&& other) noexcept;
  ~SharedLibrary();

  // Null where the library has no such symbol.
  template <class Function>
  Function* symbol(const char* name) const {
    return reinterpret_cast<Function*>(address(name));
  }

 private:
  void* address(const char* name) const;

  void* handle_ = nullptr;
};

}  // namespace wattfor
