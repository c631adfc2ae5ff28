#include "common/interrupt.hpp"

#include <signal.h>

#include <initializer_list>

namespace example {
namespace {

volatile sig_atomic_t raised = 0;

}  // namespace

void catch_interrupts() {
  struct sigaction action{};
  action.sa_handler = [](int) { raised = 1; };
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaction(signal, &action, nullptr);
}

bool interrupted() noexcept {
  return raised != 0;
}

}  // namespace example
