#include "server/job_lanes.h"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <utility>

#include "server/answers.h"

namespace wattfor::transport {

struct JobLanes::Pending {
  explicit Pending(net::io_context& io) : is_ready(io, never) {}
  net::steady_timer is_ready;  // cancelled, once it is
  SharedAnswer answer;
};

net::awaitable<SharedAnswer> JobLanes::result_of(HttpJob job) {
  auto& known = pending_[job.key];
  if (known == nullptr) {
    Worker& worker = workers_.at(static_cast<std::size_t>(job.lane));
    if (worker.waiting >= most_waiting_) {
      pending_.erase(job.key);
      co_return refusal_answer(503, "there is too much to compute at the moment");
    }
    known = std::make_shared<Pending>(io_);
    ++worker.waiting;
    net::post(worker.thread, [this, &worker, pending = known, job = std::move(job)]() mutable {
      SharedAnswer answer = job.work();
      // Nothing of it stays here: its timer is io's, and must not end on this thread.
      net::post(io_, [this, &worker, pending = std::move(pending), job = std::move(job),
                      answer = std::move(answer)] {
        --worker.waiting;
        pending->answer = answer;
        pending_.erase(job.key);
        job.done(answer);
        pending->is_ready.cancel();
      });
    });
  }
  const std::shared_ptr<Pending> pending = known;
  while (pending->answer == nullptr) {
    error_code ignored;
    co_await pending->is_ready.async_wait(into(ignored));
  }
  co_return pending->answer;
}

}  // namespace wattfor::transport
