#pragma once

#include <stdexcept>
#include <string>

namespace wattfor {

// What an operation ended for; the edges (main, a server's dispatch) turn it into a status.
enum class ErrorCode {
  usage,              // the words of the call are wrong
  invalid_input,      // a file or a message that is not what it should be
  not_found,          // a file, library or record that is not there
  permission_denied,  // it is there and may not be read or written
  unsupported,        // this machine, library or version cannot do it
  timed_out,          // an answer that did not come in time
  io,                 // reading or writing failed (a full disk, a closed pipe)
};

// Ends the operation. The message names the file or device, what was expected, and the remedy.
class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& message) : std::runtime_error(message), code_(code) {}

  ErrorCode code() const { return code_; }

 private:
  ErrorCode code_;
};

// What a failed system call means: `what` says what was tried and on which file, the rest (code,
// reason and remedy) follows from errno.
Error error_from_errno(int error_number, const std::string& what);

}  // namespace wattfor
