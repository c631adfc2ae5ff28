#include "terminal.hpp"

#include <unistd.h>

#include <cstdio>

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
