// dmss-probe: records what a device is and how it is set, as a profile for the virtual recorder (docs/recorder.md, "Profile format").
#include <fstream>
#include <iostream>

#include "common/program.hpp"
#include "probe/mask.hpp"
#include "probe/walk.hpp"

int main(int argc, char** argv) {
  example::Arguments a;
  probe::MaskOptions mask_options;
  probe::WalkOptions walk_options;
  std::string file;
  int pause = 250;
  CLI::App app{
      "Records a Dahua-family device as a profile for dmss-recorder. It only asks and changes nothing: about "
      "a hundred\n"
      "questions, one at a time. Passwords, tokens, user names and e-mail addresses are left out; read the "
      "file before you\n"
      "pass it on all the same."};
  example::add_arguments(app, a, false);
  app.add_option("file", file, "profile to write")->required();
  app.add_option("--pause", pause, "milliseconds between two questions")
      ->check(CLI::Range(0, 60000))
      ->capture_default_str();
  app.add_flag("--mask-serials", mask_options.serials, "leave out the serial number");
  app.add_flag("--mask-addresses", mask_options.addresses,
               "leave out IP and MAC addresses and names of networks");
  if (const int code = example::parse(app, argc, argv, a); code >= 0) return code;
  walk_options.pause = std::chrono::milliseconds(pause);

  dmss::EngineOptions options;
  options.log_level = a.log;
  dmss::Engine engine(options);
  dmss::Device device = engine.device(a.device);
  const auto identity = example::log_in(device);
  if (!identity) return example::exit_code(identity.error());

  probe::Walk walk(device, *identity, walk_options);
  const auto walked = walk.run();
  probe::Mask mask(mask_options, std::string(a.device.password.reveal()), identity->serial);
  mask.apply(walk.profile());
  std::ofstream out(file);
  out << walk.profile().dump(1, ' ', false, example::Json::error_handler_t::replace) << '\n';
  if (!out.flush()) {
    std::cerr << "cannot write " << file << '\n';
    return example::kFailed;
  }
  std::cout << walk.questions() << " questions, " << walk.profile()["tables"].size() << " tables, "
            << walk.profile()["caps"].size() << " abilities, " << mask.count() << " values masked: " << file
            << '\n';
  return example::finish(walked, "the device went away");
}
