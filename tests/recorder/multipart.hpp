// The multipart text of event streams, as devices write it and as some write it wrongly (protocol http-rpc.md §11.1).
#pragma once

#include <string>
#include <string_view>

#include "recorder/event_hub.hpp"

namespace dmss::recorder {

/// What is wrong with a block. The default is what §11.1 shows.
struct PartShape {
  int headers = 2;  // 1: the length alone, or the type where there is no length; 3: one that says nothing
  enum class Length { spaced, tight, none } length = Length::spaced;
  int length_off = 0;
  bool blank_line = true;
  bool boundary_space = false;  // "-- myboundary"
  bool response = false;        // a whole "HTTP/1.1 200 OK" in front
  bool cut = false;             // the second half is missing
  bool index = true;
  bool unknown_pairs = false;
};

/// Of a "multipart" fault.
PartShape part_shape(const Json& fault);

/// Status line and headers of the stream.
std::string multipart_head();
/// One block: boundary, headers, body.
std::string multipart_part(std::string_view type, std::string_view body, std::size_t length,
                           const PartShape& shape);

/// "Code=VideoMotion;action=Start;index=0;data={…}"
std::string event_text(const DeviceEvent& event, const PartShape& shape = {});
/// JSON over several lines, as devices print it: three blanks a level, " : ", short arrays in one line.
std::string styled_json(const Json& value);

std::string event_part(const DeviceEvent& event, const PartShape& shape = {});
std::string heartbeat_part(PartShape shape = {});

}  // namespace dmss::recorder
