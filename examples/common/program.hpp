// What every program here does the same way: its command line, the password, waiting for an answer, saying what went wrong.
#pragma once

#include <CLI/CLI.hpp>
#include <future>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "dmss/dmss.hpp"

namespace example {

using Json = nlohmann::ordered_json;

/// Exit codes, the same for all programs; --help lists them.
enum Exit { kDone = 0, kFailed = 1, kUsage = 2, kRefused = 3, kUnreachable = 4, kUnsupported = 5 };

struct Arguments {
  std::string url;  ///< dahua://user@host[:port]
  dmss::DeviceOptions device;
  dmss::LogLevel log = dmss::LogLevel::error;
  bool json = false;
};

/// The URL, the ports, how to log in, --log and, where the program has such an output, --json.
void add_arguments(CLI::App& app, Arguments& a, bool has_json = true);

/// An option that takes one of some words.
template <class E>
void add_choice(CLI::App& app, const std::string& name, E& value, const std::map<std::string, E>& words,
                const std::string& usual) {
  std::string all;
  for (const auto& [word, unused] : words) all += (all.empty() ? "" : ", ") + word;
  app.add_option(name, value, all)
      ->transform(CLI::CheckedTransformer(words).description(""))
      ->type_name("WORD")
      ->default_str(usual);
}

/// Reads the command line, then the password (DMSS_PASSWORD, or asked for without echo). An exit code, or -1 to go on.
int parse(CLI::App& app, int argc, char** argv, Arguments& a);

/// "1-4,9" as numbers from 1. Errors: invalid_argument.
dmss::Result<std::vector<int>> parse_channels(const std::string& text);

/// `start` begins an operation with the handler it is given; waits for that handler to be called.
///   auto time = wait<dmss::DeviceTime>([&](auto done) { device.admin().time(done); });
/// A program with a loop of its own would do its work in the handler instead.
template <class T, class Start>
dmss::Result<T> wait(Start start) {
  auto answer = std::make_shared<std::promise<dmss::Result<T>>>();  // outlives the handler's last line
  std::future<dmss::Result<T>> result = answer->get_future();
  start([answer](dmss::Result<T> r) { answer->set_value(std::move(r)); });
  return result.get();
}

/// Logs in; complains when that fails.
dmss::Result<dmss::DeviceInfo> log_in(dmss::Device& device);

Exit exit_code(const dmss::Error& error);

/// What happened and what can be done about it, on standard error. The exit code that goes with it.
int complain(const dmss::Error& error, const std::string& about = "");

/// kDone, or complains.
int finish(const dmss::Result<void>& result, const std::string& about = "");

Json to_json(const dmss::Error& error);

/// "931.5 GB"
std::string size_text(std::uint64_t bytes);

}  // namespace example
