// Answers about capabilities, as JSON and as key=value lines.
#include "fuzz.hpp"
#include "proto/caps/channel.hpp"
#include "proto/caps/device.hpp"
#include "proto/caps/encode.hpp"
#include "proto/caps/ptz.hpp"
#include "proto/cgi/kv.hpp"
#include "proto/cgi/tree.hpp"

using namespace dmss;
using namespace dmss::proto;
using namespace dmss::proto::caps;

namespace {

void read_all(const Json& answer) {
  if (const auto ptz = parse_ptz_caps(answer)) {
    for (int step = 1; step <= 8; ++step) {
      const int speed = scale_ptz_speed(step, ptz->details.pan_speed);
      FUZZ_CHECK(speed >= 1);
      FUZZ_CHECK(!ptz->details.pan_speed.known() || speed <= std::max(ptz->details.pan_speed.maximum, 8));
    }
    FUZZ_CHECK(ptz->details.auxiliary.size() <= kMaxListItems);
  }
  (void)parse_ptz_status(answer);
  const auto presets = parse_ptz_presets(answer);
  FUZZ_CHECK(presets.size() <= kMaxPresets);
  for (const auto& p : presets) FUZZ_CHECK(p.number >= 1 && p.name.size() <= kMaxPresetName);
  for (int channel : {0, 3, 1023}) {
    const auto streams = parse_encode_caps(answer, channel, VideoStandard::ntsc);
    FUZZ_CHECK(streams.size() <= kMaxStreams);
    for (const auto& s : streams) {
      for (const auto& r : s.resolutions) FUZZ_CHECK(r.width > 0 && r.height > 0);
    }
  }
  (void)parse_coaxial_caps(answer);
  (void)parse_coaxial_status(answer);
  (void)parse_video_input_caps(answer);
  (void)parse_lens_status(answer);
  (void)any_rule_has(answer, "TrackEnable");
  (void)parse_slots(answer, "inputs");
  (void)definition_flag(answer, "HasTalk");
  (void)definition_number(answer, "MaxExtraStream");
  (void)parse_pir(answer);
  FUZZ_CHECK(parse_event_codes(answer).size() <= kMaxListItems);
  (void)parse_camera_count(answer);
  (void)parse_remote_siren(answer);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text({data, size});
  if (const auto json = rpc::parse_json(text)) read_all(*json);
  if (const auto lines = cgi::parse_kv(text)) read_all(cgi::to_text_tree(*lines));
  (void)parse_resolution(text, VideoStandard::pal);
  return 0;
}
