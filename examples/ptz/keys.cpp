#include "ptz/keys.hpp"

#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <iostream>
#include <optional>

#include "common/interrupt.hpp"
#include "common/program.hpp"

namespace ptz {
namespace {

/// Keys come as they are pressed as long as this lives.
class RawTerminal {
 public:
  RawTerminal() : is_one_(tcgetattr(STDIN_FILENO, &before_) == 0) {
    termios raw = before_;
    raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    if (is_one_) tcsetattr(STDIN_FILENO, TCSANOW, &raw);
  }
  ~RawTerminal() {
    if (is_one_) tcsetattr(STDIN_FILENO, TCSANOW, &before_);
  }
  RawTerminal(const RawTerminal&) = delete;
  RawTerminal& operator=(const RawTerminal&) = delete;

  /// 0 = none within the time, q at the end of the input. Arrows become u, d, r, l.
  static char key(int milliseconds) {
    pollfd in{STDIN_FILENO, POLLIN, 0};
    if (poll(&in, 1, milliseconds) <= 0) return 0;
    char bytes[8] = {};
    const ssize_t n = read(STDIN_FILENO, bytes, sizeof bytes);
    if (n <= 0) return 'q';
    if (n < 3 || bytes[0] != 27) return bytes[0];
    return bytes[2] >= 'A' && bytes[2] <= 'D' ? "udrl"[bytes[2] - 'A'] : '\0';
  }

 private:
  termios before_{};
  const bool is_one_;
};

std::optional<dmss::PtzAction> action_of(char key) {
  using A = dmss::PtzAction;
  switch (key) {
    case 'u': return A::up;
    case 'd': return A::down;
    case 'l': return A::left;
    case 'r': return A::right;
    case '+': return A::zoom_in;
    case '-': return A::zoom_out;
    case 'n': return A::focus_near;
    case 'f': return A::focus_far;
    case 'o': return A::iris_open;
    case 'c': return A::iris_close;
    default: return std::nullopt;
  }
}

}  // namespace

int keys(dmss::Ptz ptz, int speed) {
  constexpr int kHeld = 300;  // a key that is held repeats faster than this
  std::cout << "arrows: turn   + -: zoom   n f: focus   o c: iris   q: end\n";
  const RawTerminal terminal;
  dmss::PtzMove move;  // destroying or replacing it stops the camera
  char moving = 0;
  for (;;) {
    const char key = RawTerminal::key(move ? kHeld : -1);
    if (key == 'q' || example::interrupted()) return example::kDone;
    if (key == moving && move) continue;
    move = {};
    moving = key;
    const auto action = action_of(key);
    if (!action) continue;
    dmss::PtzMoveOptions options;
    options.speed = speed;
    options.on_started = [](dmss::Result<void> started) {
      if (!started) example::complain(started.error());
    };
    move = ptz.move(*action, std::move(options));
  }
}

}  // namespace ptz
