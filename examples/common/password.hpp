// A password that does not show on the screen.
#pragma once

#include <string>

/// From the environment variable, else asked for at the terminal without echo. Empty when there is neither.
std::string read_password(const char* environment_variable, const std::string& prompt);
