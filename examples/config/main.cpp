// dmss-config: reads, changes and compares the configuration of devices.
#include <cstdlib>
#include <functional>

#include "common/password.hpp"
#include "common/program.hpp"
#include "config/tables.hpp"
#include "config/typed.hpp"

namespace {

struct Arguments : example::Arguments {
  int channel = 0;
  int index = 0;
  std::string name;
  std::string file;
  std::string other;
  std::vector<std::string> names;
  std::vector<std::string> changes;
};

using Job = std::function<int(dmss::Engine&, dmss::Config)>;

dmss::Result<std::vector<config::Assignment>> assignments(const std::vector<std::string>& words) {
  std::vector<config::Assignment> all;
  for (const std::string& word : words) {
    auto one = config::parse_assignment(word);
    if (!one) return one.error();
    all.push_back(std::move(*one));
  }
  return all;
}

int compare(dmss::Engine& engine, dmss::Config here, const Arguments& a) {
  const auto url = dmss::parse_device_url(a.other);
  if (!url) return example::complain(url.error());
  dmss::DeviceOptions options = a.device;
  options.address = url->address;
  options.user = url->user;
  options.port = url->port;
  if (std::getenv("DMSS_PASSWORD2") != nullptr)
    options.password = dmss::Secret(read_password("DMSS_PASSWORD2", ""));
  return config::diff(std::move(here), engine.device(options).config(), a.names, a.json);
}

int typed(const dmss::Config& config, const Arguments& a, bool edits) {
  const auto kind = dmss::parse_config_kind(a.name);
  if (!kind) return example::complain(kind.error());
  const auto changes = assignments(a.changes);
  if (!changes) return example::complain(changes.error());
  return edits ? config::edit(config, *kind, a.index, *changes)
               : config::show(config, *kind, a.index, a.json);
}

std::string kinds() {
  std::string all;
  for (int k = 1; k <= static_cast<int>(dmss::ConfigKind::daylight_saving); ++k)
    all += (k == 1 ? "" : ", ") + std::string(dmss::name(static_cast<dmss::ConfigKind>(k)));
  return all;
}

/// Each subcommand puts its work into `job`.
void add_commands(CLI::App& app, Arguments& a, Job& job) {
  app.require_subcommand(1)->fallthrough();
  const auto add = [&](const char* name, const char* help, Job work) {
    CLI::App* command = app.add_subcommand(name, help);
    command->callback([&job, work = std::move(work)] { job = work; });
    return command;
  };
  add("list", "names of the tables", [&](dmss::Engine&, dmss::Config c) { return config::list(c, a.json); });
  CLI::App* get = add("get", "a table or a part of it", [&](dmss::Engine&, dmss::Config c) {
    return config::get(c, a.name, a.channel, a.json);
  });
  get->add_option("name", a.name, "MotionDetect, MotionDetect[0].Enable")->required();
  get->add_option("--channel", a.channel, "this channel's part of the table, from 1");
  CLI::App* set = add("set", "changes values", [&](dmss::Engine&, dmss::Config c) {
    const auto changes = assignments(a.changes);
    return changes ? config::set(c, a.channel, *changes) : example::complain(changes.error());
  });
  set->add_option("changes", a.changes, "MotionDetect[0].Enable=true …")->required();
  set->add_option("--channel", a.channel, "paths begin in this channel's part, from 1");
  CLI::App* show =
      add("show", "a typed view", [&](dmss::Engine&, dmss::Config c) { return typed(c, a, false); });
  show->add_option("kind", a.name, kinds())->required();
  show->add_option("--index", a.index, "channel, alarm input or output, from 1");
  CLI::App* edit = add("edit", "changes members of a typed view",
                       [&](dmss::Engine&, dmss::Config c) { return typed(c, a, true); });
  edit->add_option("kind", a.name, kinds())->required();
  edit->add_option("changes", a.changes, "linkage.record=true …")->required();
  edit->add_option("--index", a.index, "channel, alarm input or output, from 1");
  CLI::App* diff = add("diff", "compares with another device; DMSS_PASSWORD2 is its password, else the same",
                       [&](dmss::Engine& e, dmss::Config c) { return compare(e, c, a); });
  diff->add_option("other", a.other, "dahua://user@host[:port]")->required();
  diff->add_option("names", a.names, "only these tables");
  CLI::App* dump = add("dump", "writes tables to a JSON file, with all that stands in them",
                       [&](dmss::Engine&, dmss::Config c) { return config::dump(c, a.file, a.names); });
  dump->add_option("file", a.file)->required();
  dump->add_option("names", a.names, "only these tables");
}

}  // namespace

int main(int argc, char** argv) {
  Arguments a;
  Job job;
  CLI::App app{
      "Reads, changes and compares the configuration of Dahua-family devices.\n"
      "Example: dmss-config dahua://admin@192.168.1.108 edit motion_detection --index 3 enable=true"};
  example::add_arguments(app, a);
  add_commands(app, a, job);
  if (const int code = example::parse(app, argc, argv, a); code >= 0) return code;

  dmss::EngineOptions options;
  options.log_level = a.log;
  dmss::Engine engine(options);
  dmss::Device device = engine.device(a.device);
  return job(engine, device.config());
}
