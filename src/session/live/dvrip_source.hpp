// Live media over 37777: sub-connection, `bc` frames, DHAV; with the old `f1`/`11` dialect as fall-back (protocol dvrip-dhip.md §3, §4).
#pragma once

#include "session/control/control_link.hpp"
#include "session/live/media_source.hpp"

namespace dmss::session {

/// `link` is logged in and running. open() errors: no_such_channel, no_stream, stream_limit, device_error, network codes.
/// `stream_password`/`serial` decrypt payloads (protocol media.md §1.6). `sink` must outlive the source.
std::shared_ptr<MediaSource> make_dvrip_source(Context context, std::shared_ptr<DvripLink> link,
                                               SourceRequest request, Secret stream_password,
                                               std::string serial, MediaSink& sink);

}  // namespace dmss::session
