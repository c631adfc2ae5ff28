#include "common/password.hpp"

#include <termios.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>

std::string read_password(const char* environment_variable, const std::string& prompt) {
  if (const char* value = std::getenv(environment_variable)) return value;
  termios shown{};
  if (tcgetattr(STDIN_FILENO, &shown) != 0) return {};
  std::cerr << prompt << std::flush;
  termios hidden = shown;
  hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
  std::string password;
  std::getline(std::cin, password);
  tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
  std::cerr << '\n';
  return password;
}
