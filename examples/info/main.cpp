// dmss-info: tells what a device is and what it can do.
#include <iostream>

#include "common/program.hpp"
#include "info/report.hpp"

int main(int argc, char** argv) {
  example::Arguments arguments;
  info::What what;
  CLI::App app{"Tells what a Dahua-family device is, what it can do, and how it is."};
  example::add_arguments(app, arguments);
  app.add_option("--channels", what.channels, "capabilities of these channels, e.g. 1-4,9; \"all\", \"none\"")
      ->capture_default_str();
  if (const int code = example::parse(app, argc, argv, arguments); code >= 0) return code;

  dmss::EngineOptions options;
  options.log_level = arguments.log;
  dmss::Engine engine(options);
  dmss::Device device = engine.device(arguments.device);
  const auto identity = example::log_in(device);
  if (!identity) return example::exit_code(identity.error());
  const auto channels = info::chosen_channels(what, *identity);
  if (!channels) return example::complain(channels.error(), "--channels");

  const example::Json report = info::collect(device, *identity, *channels);
  if (arguments.json)
    std::cout << report.dump(2) << '\n';
  else
    info::print(report);
  return example::kDone;
}
