// The numbers of the C header and of the C++ API are the same.
#include "convert.hpp"

namespace dmss::c {
namespace {

#define SAME(c_name, cpp_name) static_assert(static_cast<int32_t>(c_name) == static_cast<int32_t>(cpp_name))
#define SAME_ERROR(c_name, cpp_name) static_assert(DMSS_E_##c_name == -static_cast<int32_t>(Errc::cpp_name))

SAME_ERROR(CANCELLED, cancelled);
SAME_ERROR(TIMEOUT, timeout);
SAME_ERROR(INVALID_ARGUMENT, invalid_argument);
SAME_ERROR(INVALID_STATE, invalid_state);
SAME_ERROR(UNSUPPORTED, unsupported);
SAME_ERROR(INTERNAL, internal);
SAME_ERROR(OVERFLOW, overflow);
SAME_ERROR(RESOLVE_FAILED, resolve_failed);
SAME_ERROR(CONNECT_FAILED, connect_failed);
SAME_ERROR(CONNECTION_LOST, connection_lost);
SAME_ERROR(DEVICE_OFFLINE, device_offline);
SAME_ERROR(TLS_FAILED, tls_failed);
SAME_ERROR(TLS_UNTRUSTED, tls_untrusted);
SAME_ERROR(TLS_CHANGED, tls_changed);
SAME_ERROR(PLAINTEXT_REFUSED, plaintext_refused);
SAME_ERROR(WRONG_USER, wrong_user);
SAME_ERROR(WRONG_PASSWORD, wrong_password);
SAME_ERROR(LOCKED, locked);
SAME_ERROR(NOT_INITIALISED, not_initialised);
SAME_ERROR(BLOCKED, blocked);
SAME_ERROR(DEVICE_BUSY, device_busy);
SAME_ERROR(TOO_MANY_USERS, too_many_users);
SAME_ERROR(ALREADY_LOGGED_IN, already_logged_in);
SAME_ERROR(LOGIN_REFUSED, login_refused);
SAME_ERROR(LEGACY_LOGIN_NEEDED, legacy_login_needed);
SAME_ERROR(CREDENTIALS_HELD_BACK, credentials_held_back);
SAME_ERROR(WRONG_DEVICE, wrong_device);
SAME_ERROR(SESSION_EXPIRED, session_expired);
SAME_ERROR(NO_PERMISSION, no_permission);
SAME_ERROR(DEVICE_ERROR, device_error);
SAME_ERROR(MALFORMED, malformed);
SAME_ERROR(TOO_LARGE, too_large);
SAME_ERROR(CONFLICT, conflict);
SAME_ERROR(NOT_APPLIED, not_applied);
SAME_ERROR(NO_SUCH_CHANNEL, no_such_channel);
SAME_ERROR(NO_STREAM, no_stream);
SAME_ERROR(STREAM_LIMIT, stream_limit);
SAME_ERROR(NO_MEDIA, no_media);
SAME_ERROR(CODEC_UNSUPPORTED, codec_unsupported);
SAME_ERROR(ENCRYPTED, encrypted);
SAME_ERROR(DECODE_FAILED, decode_failed);
SAME_ERROR(NO_KEY_FRAME, no_key_frame);
SAME_ERROR(NO_PICTURE, no_picture);
SAME_ERROR(NO_STORAGE, no_storage);

SAME(DMSS_CATEGORY_NONE, ErrorCategory::none);
SAME(DMSS_CATEGORY_CALL, ErrorCategory::call);
SAME(DMSS_CATEGORY_NETWORK, ErrorCategory::network);
SAME(DMSS_CATEGORY_LOGIN, ErrorCategory::login);
SAME(DMSS_CATEGORY_DEVICE, ErrorCategory::device);
SAME(DMSS_CATEGORY_MEDIA, ErrorCategory::media);

SAME(DMSS_LOG_TRACE, LogLevel::trace);
SAME(DMSS_LOG_DEBUG, LogLevel::debug);
SAME(DMSS_LOG_INFO, LogLevel::info);
SAME(DMSS_LOG_WARNING, LogLevel::warning);
SAME(DMSS_LOG_ERROR, LogLevel::error);
SAME(DMSS_LOG_OFF, LogLevel::off);

SAME(DMSS_CONTROL_AUTO, ControlRoute::automatic);
SAME(DMSS_CONTROL_DVRIP, ControlRoute::dvrip);
SAME(DMSS_CONTROL_HTTPS, ControlRoute::https);
SAME(DMSS_CONTROL_HTTP, ControlRoute::http);
SAME(DMSS_CONTROL_DHIP, ControlRoute::dhip);

SAME(DMSS_MEDIA_AUTO, MediaRoute::automatic);
SAME(DMSS_MEDIA_RTSP, MediaRoute::rtsp);
SAME(DMSS_MEDIA_DVRIP, MediaRoute::dvrip);

SAME(DMSS_RTSP_TCP, RtspTransport::tcp);
SAME(DMSS_RTSP_UDP, RtspTransport::udp);
SAME(DMSS_RTSP_TLS, RtspTransport::tls);

SAME(DMSS_TLS_FIRST_USE, TlsMode::first_use);
SAME(DMSS_TLS_CA, TlsMode::ca);
SAME(DMSS_TLS_PIN, TlsMode::pin);
SAME(DMSS_TLS_INSECURE, TlsMode::insecure);
SAME(DMSS_TLS_1_0, TlsVersion::tls1_0);
SAME(DMSS_TLS_1_1, TlsVersion::tls1_1);
SAME(DMSS_TLS_1_2, TlsVersion::tls1_2);
SAME(DMSS_TLS_1_3, TlsVersion::tls1_3);

SAME(DMSS_LEGACY_NONE, LegacyLogin::none);
SAME(DMSS_LEGACY_PLAIN, LegacyLogin::plain);
SAME(DMSS_LEGACY_GEN0, LegacyLogin::gen0);

SAME(DMSS_LOGIN_NONE, LoginKind::none);
SAME(DMSS_LOGIN_DVRIP_DIGEST, LoginKind::dvrip_digest);
SAME(DMSS_LOGIN_DVRIP_GEN0, LoginKind::dvrip_gen0);
SAME(DMSS_LOGIN_DVRIP_PLAIN, LoginKind::dvrip_plain);
SAME(DMSS_LOGIN_RPC_DIGEST, LoginKind::rpc_digest);
SAME(DMSS_LOGIN_RPC_BASIC, LoginKind::rpc_basic);
SAME(DMSS_LOGIN_HTTP_DIGEST, LoginKind::http_digest);
SAME(DMSS_LOGIN_HTTP_BASIC, LoginKind::http_basic);

SAME(DMSS_DEVICE_IDLE, DeviceState::idle);
SAME(DMSS_DEVICE_CONNECTING, DeviceState::connecting);
SAME(DMSS_DEVICE_ONLINE, DeviceState::online);
SAME(DMSS_DEVICE_WAITING, DeviceState::waiting);
SAME(DMSS_DEVICE_REFUSED, DeviceState::refused);
SAME(DMSS_DEVICE_CLOSED, DeviceState::closed);

SAME(DMSS_STREAM_MAIN, StreamKind::main);
SAME(DMSS_STREAM_EXTRA, StreamKind::extra);
SAME(DMSS_STREAM_EXTRA2, StreamKind::extra2);
SAME(DMSS_STREAM_EXTRA3, StreamKind::extra3);

SAME(DMSS_QUALITY_REAL_TIME, Quality::real_time);
SAME(DMSS_QUALITY_FLUENT, Quality::fluent);
SAME(DMSS_QUALITY_AUTO, Quality::automatic);

SAME(DMSS_KIND_VIDEO, MediaKind::video);
SAME(DMSS_KIND_AUDIO, MediaKind::audio);
SAME(DMSS_KIND_DATA, MediaKind::data);

SAME(DMSS_CODEC_UNKNOWN, Codec::unknown);
SAME(DMSS_CODEC_H264, Codec::h264);
SAME(DMSS_CODEC_H265, Codec::h265);
SAME(DMSS_CODEC_MJPEG, Codec::mjpeg);
SAME(DMSS_CODEC_MPEG4, Codec::mpeg4);
SAME(DMSS_CODEC_PCM_ALAW, Codec::pcm_alaw);
SAME(DMSS_CODEC_PCM_MULAW, Codec::pcm_mulaw);
SAME(DMSS_CODEC_PCM_S16LE, Codec::pcm_s16le);
SAME(DMSS_CODEC_AAC, Codec::aac);
SAME(DMSS_CODEC_G726_16, Codec::g726_16);
SAME(DMSS_CODEC_G726_24, Codec::g726_24);
SAME(DMSS_CODEC_G726_32, Codec::g726_32);
SAME(DMSS_CODEC_G726_40, Codec::g726_40);
SAME(DMSS_CODEC_PCM_S16BE, Codec::pcm_s16be);
SAME(DMSS_CODEC_PCM_S8, Codec::pcm_s8);

SAME(DMSS_PIXEL_UNKNOWN, PixelFormat::unknown);
SAME(DMSS_PIXEL_I420, PixelFormat::i420);
SAME(DMSS_PIXEL_NV12, PixelFormat::nv12);
SAME(DMSS_PIXEL_I422, PixelFormat::i422);
SAME(DMSS_PIXEL_I444, PixelFormat::i444);
SAME(DMSS_PIXEL_I420_10, PixelFormat::i420_10);
SAME(DMSS_PIXEL_HARDWARE, PixelFormat::hardware);

SAME(DMSS_LIVE_OPENING, LiveState::opening);
SAME(DMSS_LIVE_PLAYING, LiveState::playing);
SAME(DMSS_LIVE_PAUSED, LiveState::paused);
SAME(DMSS_LIVE_RECONNECTING, LiveState::reconnecting);
SAME(DMSS_LIVE_FAILED, LiveState::failed);
SAME(DMSS_LIVE_STOPPED, LiveState::stopped);

SAME(DMSS_SUPPORT_UNKNOWN, Support::unknown);
SAME(DMSS_SUPPORT_NO, Support::no);
SAME(DMSS_SUPPORT_YES, Support::yes);

SAME(DMSS_FEATURE_PTZ, Feature::ptz);
SAME(DMSS_FEATURE_PTZ_ZOOM, Feature::ptz_zoom);
SAME(DMSS_FEATURE_PTZ_FOCUS, Feature::ptz_focus);
SAME(DMSS_FEATURE_PTZ_IRIS, Feature::ptz_iris);
SAME(DMSS_FEATURE_PTZ_PRESETS, Feature::ptz_presets);
SAME(DMSS_FEATURE_PTZ_TOURS, Feature::ptz_tours);
SAME(DMSS_FEATURE_PTZ_POSITION, Feature::ptz_position);
SAME(DMSS_FEATURE_PTZ_ABSOLUTE, Feature::ptz_absolute);
SAME(DMSS_FEATURE_PTZ_RELATIVE, Feature::ptz_relative);
SAME(DMSS_FEATURE_MOTORISED_LENS, Feature::motorised_lens);
SAME(DMSS_FEATURE_WIPER, Feature::wiper);
SAME(DMSS_FEATURE_LIGHT, Feature::light);
SAME(DMSS_FEATURE_SIREN, Feature::siren);
SAME(DMSS_FEATURE_SMART_TRACKING, Feature::smart_tracking);
SAME(DMSS_FEATURE_TALK, Feature::talk);
SAME(DMSS_FEATURE_AUDIO, Feature::audio);
SAME(DMSS_FEATURE_IMAGE_COLOR, Feature::image_color);
SAME(DMSS_FEATURE_IMAGE_FLIP, Feature::image_flip);
SAME(DMSS_FEATURE_IMAGE_MIRROR, Feature::image_mirror);
SAME(DMSS_FEATURE_IMAGE_ROTATE, Feature::image_rotate);
SAME(DMSS_FEATURE_FISHEYE, Feature::fisheye);
SAME(DMSS_FEATURE_MOTION_DETECTION, Feature::motion_detection);
SAME(DMSS_FEATURE_SMART_MOTION, Feature::smart_motion);
SAME(DMSS_FEATURE_VIDEO_MASK, Feature::video_mask);
SAME(DMSS_FEATURE_PIR, Feature::pir);
SAME(DMSS_FEATURE_SMART_RULES, Feature::smart_rules);
SAME(DMSS_FEATURE_EXTRA_STREAM, Feature::extra_stream);
SAME(DMSS_FEATURE_JSON_RPC, Feature::json_rpc);
SAME(DMSS_FEATURE_CGI, Feature::cgi);
SAME(DMSS_FEATURE_ALARM_INPUTS, Feature::alarm_inputs);
SAME(DMSS_FEATURE_ALARM_OUTPUTS, Feature::alarm_outputs);
SAME(DMSS_FEATURE_STORAGE, Feature::storage);
SAME(DMSS_FEATURE_RECORDING, Feature::recording);
SAME(DMSS_FEATURE_EVENTS, Feature::events);
SAME(DMSS_FEATURE_EVENT_PICTURES, Feature::event_pictures);
SAME(DMSS_FEATURE_LOG_SEARCH, Feature::log_search);
SAME(DMSS_FEATURE_ENCRYPTED_PASSWORD_CHANGE, Feature::encrypted_password_change);

SAME(DMSS_PTZ_UP, PtzAction::up);
SAME(DMSS_PTZ_DOWN, PtzAction::down);
SAME(DMSS_PTZ_LEFT, PtzAction::left);
SAME(DMSS_PTZ_RIGHT, PtzAction::right);
SAME(DMSS_PTZ_LEFT_UP, PtzAction::left_up);
SAME(DMSS_PTZ_RIGHT_UP, PtzAction::right_up);
SAME(DMSS_PTZ_LEFT_DOWN, PtzAction::left_down);
SAME(DMSS_PTZ_RIGHT_DOWN, PtzAction::right_down);
SAME(DMSS_PTZ_ZOOM_IN, PtzAction::zoom_in);
SAME(DMSS_PTZ_ZOOM_OUT, PtzAction::zoom_out);
SAME(DMSS_PTZ_FOCUS_NEAR, PtzAction::focus_near);
SAME(DMSS_PTZ_FOCUS_FAR, PtzAction::focus_far);
SAME(DMSS_PTZ_IRIS_OPEN, PtzAction::iris_open);
SAME(DMSS_PTZ_IRIS_CLOSE, PtzAction::iris_close);

SAME(DMSS_ALARM_OUTPUT_AUTOMATIC, AlarmOutput::Mode::automatic);
SAME(DMSS_ALARM_OUTPUT_MANUAL, AlarmOutput::Mode::manual);
SAME(DMSS_ALARM_OUTPUT_CLOSE, AlarmOutput::Mode::close);

SAME(DMSS_RECORD_REGULAR, RecordType::record_regular);
SAME(DMSS_RECORD_MOTION, RecordType::record_motion);
SAME(DMSS_RECORD_ALARM, RecordType::record_alarm);
SAME(DMSS_RECORD_CARD, RecordType::record_card);
SAME(DMSS_RECORD_SMART, RecordType::record_smart);
SAME(DMSS_RECORD_MOTION_AND_ALARM, RecordType::record_motion_and_alarm);
SAME(DMSS_RECORD_POS, RecordType::record_pos);

SAME(DMSS_EVENT_OTHER, EventGroup::other);
SAME(DMSS_EVENT_AI_ANALYSIS, EventGroup::ai_analysis);
SAME(DMSS_EVENT_THERMAL, EventGroup::thermal);
SAME(DMSS_EVENT_MOTION, EventGroup::motion);
SAME(DMSS_EVENT_MASKING, EventGroup::masking);
SAME(DMSS_EVENT_DEFOCUS, EventGroup::defocus);
SAME(DMSS_EVENT_FACE, EventGroup::face);
SAME(DMSS_EVENT_AUDIO, EventGroup::audio);
SAME(DMSS_EVENT_DISK, EventGroup::disk);
SAME(DMSS_EVENT_VOLTAGE, EventGroup::voltage);
SAME(DMSS_EVENT_NETWORK, EventGroup::network);
SAME(DMSS_EVENT_SENSOR, EventGroup::sensor);
SAME(DMSS_EVENT_BATTERY, EventGroup::battery);
SAME(DMSS_EVENT_INTERCOM, EventGroup::intercom);
SAME(DMSS_EVENT_HOUSEKEEPING, EventGroup::housekeeping);

SAME(DMSS_EVENT_PULSE, EventAction::pulse);
SAME(DMSS_EVENT_START, EventAction::start);
SAME(DMSS_EVENT_STOP, EventAction::stop);
SAME(DMSS_EVENT_STATE, EventAction::state);
SAME(DMSS_EVENT_UNKNOWN, EventAction::unknown);

SAME(DMSS_EVENTS_ATTACHING, EventState::attaching);
SAME(DMSS_EVENTS_ATTACHED, EventState::attached);
SAME(DMSS_EVENTS_INTERRUPTED, EventState::interrupted);
SAME(DMSS_EVENTS_FAILED, EventState::failed);
SAME(DMSS_EVENTS_STOPPED, EventState::stopped);

SAME(DMSS_EVENT_ROUTE_AUTO, EventRoute::automatic);
SAME(DMSS_EVENT_ROUTE_RPC, EventRoute::rpc);
SAME(DMSS_EVENT_ROUTE_CGI, EventRoute::cgi);
SAME(DMSS_EVENT_ROUTE_POLL, EventRoute::poll);
SAME(DMSS_EVENT_INDEX_OTHER, EventIndex::other);
SAME(DMSS_EVENT_INDEX_CHANNEL, EventIndex::channel);
SAME(DMSS_EVENT_INDEX_INPUT, EventIndex::input);
SAME(DMSS_EVENT_INDEX_OUTPUT, EventIndex::output);

#undef SAME
#undef SAME_ERROR

}  // namespace
}  // namespace dmss::c
