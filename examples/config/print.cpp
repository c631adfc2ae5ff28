#include "config/print.hpp"

#include <algorithm>
#include <cstdio>
#include <iostream>

namespace config {
namespace {

using example::Json;

std::string text(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_null()) return "none";
  return value.dump();
}

bool all_of(const Json& list, bool (*test)(const Json&)) {
  return std::all_of(list.begin(), list.end(), test);
}

bool is_row_of_region(const Json& value) {
  return value.is_string() && value.get_ref<const std::string&>().size() == dmss::Region::kColumns &&
         value.get_ref<const std::string&>().find_first_not_of(".#") == std::string::npos;
}

/// "1 00:00:00-24:00:00", of which `mask` is the first number.
bool read_period(const Json& value, unsigned& mask) {
  unsigned n[6];
  return value.is_string() &&
         std::sscanf(value.get_ref<const std::string&>().c_str(), "%9u %2u:%2u:%2u-%2u:%2u:%2u", &mask, &n[0],
                     &n[1], &n[2], &n[3], &n[4], &n[5]) == 7;
}

bool is_period(const Json& value) {
  unsigned mask = 0;
  return read_period(value, mask);
}

/// Those with a mask; the others are not in use.
std::string used_periods(const Json& day) {
  std::string out;
  for (const Json& period : day) {
    unsigned mask = 0;
    if (read_period(period, mask) && mask != 0) out += (out.empty() ? "" : ", ") + text(period);
  }
  return out.empty() ? "none" : out;
}

std::string joined(const Json& list) {
  std::string out;
  for (const Json& one : list) out += (out.empty() ? "" : ", ") + text(one);
  return out;
}

void print_list(const Json& list, const std::string& path) {
  if (all_of(list, is_row_of_region)) {
    std::cout << path << " =\n";
    for (const Json& row : list) std::cout << "  " << text(row) << '\n';
  } else if (all_of(list, is_period)) {
    std::cout << path << " = " << used_periods(list) << '\n';
  } else if (all_of(list, [](const Json& one) { return !one.is_structured(); })) {
    std::cout << path << " = " << joined(list) << '\n';
  } else {
    for (std::size_t i = 0; i < list.size(); ++i) print(list[i], path + "[" + std::to_string(i) + "]");
  }
}

}  // namespace

void print(const Json& value, const std::string& path) {
  if (!value.is_structured()) {
    std::cout << path << " = " << text(value) << '\n';
  } else if (value.empty()) {
    std::cout << path << " = none\n";
  } else if (value.is_array()) {
    print_list(value, path);
  } else {
    for (const auto& [key, inner] : value.items()) print(inner, path.empty() ? key : path + "." + key);
  }
}

}  // namespace config
