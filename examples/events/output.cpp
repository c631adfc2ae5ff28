#include "events/output.hpp"

#include <algorithm>
#include <atomic>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "common/program.hpp"

namespace events {
namespace {

using example::Json;
using TimePoint = std::chrono::system_clock::time_point;

std::string format(TimePoint t, const char* form) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(t);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[40];
  return {text, std::strftime(text, sizeof text, form, &utc)};
}

std::string iso(TimePoint t) {
  return format(t, "%Y-%m-%dT%H:%M:%SZ");
}

Json of_object(const dmss::EventObject& o) {
  Json j{{"type", o.type}, {"box", {o.box.left, o.box.top, o.box.right, o.box.bottom}}};
  if (o.confidence) j["confidence"] = *o.confidence;
  return j;
}

Json of_event(const dmss::Event& e, const std::string& picture) {
  Json j{{"code", e.code},
         {"action", dmss::name(e.action)},
         {"group", dmss::name(e.group)},
         {"index", e.index},
         {"index_of", dmss::name(dmss::event_index(e.code))},
         {"received", iso(e.received)}};
  if (e.device_time) j["device_time"] = iso(*e.device_time);
  if (!e.device_local_time.empty()) j["device_local_time"] = e.device_local_time;
  if (!e.name.empty()) j["name"] = e.name;
  for (const dmss::EventObject& o : e.objects) j["objects"].push_back(of_object(o));
  if (e.recovered) j["recovered"] = true;
  // The device's own words; text when they are no JSON after all.
  if (!e.data.empty()) {
    Json data = Json::parse(e.data, nullptr, false);
    j["data"] = data.is_discarded() ? Json(e.data) : std::move(data);
  }
  if (!picture.empty()) j["picture"] = picture;
  return j;
}

void line(const Json& json) {
  std::cout << json.dump(-1, ' ', false, Json::error_handler_t::replace) << std::endl;
}

}  // namespace

void Output::show(const dmss::Event& e) const {
  const std::string picture = save_picture(e);
  if (json_) return line(of_event(e, picture));
  std::cout << format(e.received, "%H:%M:%S ") << e.code << ' ' << dmss::name(e.action);
  const dmss::EventIndex counts = dmss::event_index(e.code);
  const std::string_view what = counts == dmss::EventIndex::other ? "index" : dmss::name(counts);
  if (e.index > 0) std::cout << ' ' << what << ' ' << e.index;
  if (!e.name.empty()) std::cout << " \"" << e.name << '"';
  for (const dmss::EventObject& o : e.objects) std::cout << ' ' << o.type;
  if (e.recovered) std::cout << " (found after a gap)";
  if (!picture.empty()) std::cout << " -> " << picture;
  std::cout << std::endl;
}

void Output::show(const dmss::EventGap& g) const {
  if (json_)
    return line({{"gap", {{"begin", iso(g.begin)}, {"end", iso(g.end)}}}, {"why", g.why.to_string()}});
  std::cout << "nothing heard from " << iso(g.begin) << " to " << iso(g.end) << ": " << g.why.to_string()
            << std::endl;
}

void Output::show(dmss::EventState state, const dmss::Error& why) const {
  if (json_) {
    Json j{{"state", dmss::name(state)}};
    if (why) j["why"] = example::to_json(why);
    return line(j);
  }
  std::cerr << dmss::name(state) << (why ? ": " + why.to_string() : "") << std::endl;
}

void Output::show(const dmss::EventStats& s) const {
  std::cerr << s.events << " events, " << s.filtered << " others, " << s.dropped << " dropped, " << s.gaps
            << " gaps, by " << dmss::name(s.route) << '\n';
}

std::string Output::save_picture(const dmss::Event& e) const {
  static std::atomic<int> number{0};
  if (folder_.empty() || e.picture.empty()) return {};
  std::string code = e.code.substr(0, 40);  // a device's word, so nothing of it may reach another folder
  std::replace_if(code.begin(), code.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  const std::filesystem::path path =
      std::filesystem::path(folder_) / (format(e.received, "%Y%m%d-%H%M%S-") + std::to_string(++number) +
                                        "-" + code + "-" + std::to_string(e.index) + ".jpg");
  std::error_code ignored;
  std::filesystem::create_directories(folder_, ignored);
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(e.picture.data()), static_cast<std::streamsize>(e.picture.size()));
  return file.flush() ? path.string() : std::string();
}

}  // namespace events
