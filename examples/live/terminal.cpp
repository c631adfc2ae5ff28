#include "terminal.hpp"

#include <termios.h>
#include <unistd.h>

#include <cstdio>
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

Table::Table() : terminal_(isatty(STDOUT_FILENO) != 0) {}

void Table::show(const std::vector<std::string>& lines) {
  if (terminal_) print(lines);
}

void Table::show_last(const std::vector<std::string>& lines) {
  print(lines);
}

void Table::print(const std::vector<std::string>& lines) {
  if (terminal_ && printed_ > 0) std::printf("\033[%zuA", printed_);
  for (const std::string& line : lines) std::printf("%s%s\n", terminal_ ? "\033[K" : "", line.c_str());
  std::fflush(stdout);
  printed_ = lines.size();
}
