// SIGINT, SIGTERM and SIGHUP as a flag, so that a program can bring to rest what it has started.
#pragma once

namespace example {

/// From now on these signals set the flag; a poll() or read() that waits returns with EINTR.
void catch_interrupts();
bool interrupted() noexcept;

}  // namespace example
