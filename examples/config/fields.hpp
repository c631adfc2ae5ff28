// The members of every typed table by name, once: Writer makes JSON of them, Reader takes them back.
#pragma once

#include "dmss/dmss.hpp"

namespace config {

template <class V>
void fields(V& v, dmss::MotionWindow& w) {
  v("id", w.id);
  v("name", w.name);
  v("sensitivity", w.sensitivity);
  v("threshold", w.threshold);
  v("region", w.region);
}

template <class V>
void fields(V& v, dmss::Linkage& l) {
  v("period", l.period);
  v("anti_dither", l.anti_dither);
  v("record", l.record);
  v("record_channels", l.record_channels);
  v("record_delay", l.record_delay);
  v("alarm_output", l.alarm_output);
  v("alarm_outputs", l.alarm_outputs);
  v("alarm_output_delay", l.alarm_output_delay);
  v("snapshot", l.snapshot);
  v("snapshot_channels", l.snapshot_channels);
}

template <class V>
void fields(V& v, dmss::MotionDetection& m) {
  v("enable", m.enable);
  v("windows", m.windows);
  v("level", m.level);
  v("linkage", m.linkage);
}

template <class V>
void fields(V& v, dmss::SmartMotion& m) {
  v("enable", m.enable);
  v("human", m.human);
  v("vehicle", m.vehicle);
  v("sensitivity", m.sensitivity);
}

template <class V>
void fields(V& v, dmss::VideoMask& m) {
  v("enable", m.enable);
  v("level", m.level);
  v("linkage", m.linkage);
}

template <class V>
void fields(V& v, dmss::LocalAlarm& a) {
  v("enable", a.enable);
  v("name", a.name);
  v("sensor", a.sensor);
  v("linkage", a.linkage);
}

template <class V>
void fields(V& v, dmss::NetworkAlarm& a) {
  v("enable", a.enable);
  v("name", a.name);
  v("linkage", a.linkage);
}

template <class V>
void fields(V& v, dmss::IpcExternalAlarm& a) {
  v("enable", a.enable);
  v("linkage", a.linkage);
}

template <class V>
void fields(V& v, dmss::IpcOfflineAlarm& a) {
  v("enable", a.enable);
  v("linkage", a.linkage);
}

template <class V>
void fields(V& v, dmss::PirAlarm& a) {
  v("enable", a.enable);
  v("light_enable", a.light_enable);
  v("light", a.light);
  v("light_duration", a.light_duration);
  v("flash_interval", a.flash_interval);
  v("windows", a.windows);
  v("linkage", a.linkage);
}

template <class V>
void fields(V& v, dmss::AlarmOutput& a) {
  v("mode", a.mode);
  v("name", a.name);
}

template <class V>
void fields(V& v, dmss::StreamFormat& f) {
  v("video", f.video);
  v("audio", f.audio);
  v("codec", f.codec);
  v("profile", f.profile);
  v("width", f.width);
  v("height", f.height);
  v("frame_rate", f.frame_rate);
  v("bit_rate", f.bit_rate);
  v("bit_rate_control", f.bit_rate_control);
  v("key_frame_interval", f.key_frame_interval);
  v("quality", f.quality);
  v("audio_codec", f.audio_codec);
}

template <class V>
void fields(V& v, dmss::EncodeSettings& e) {
  v("main", e.main);
  v("extra", e.extra);
}

template <class V>
void fields(V& v, dmss::RecordSchedule& r) {
  v("period", r.period);
  v("holiday_enable", r.holiday_enable);
  v("pre_record", r.pre_record);
  v("redundancy", r.redundancy);
}

template <class V>
void fields(V& v, dmss::RecordMode& r) {
  v("main", r.main);
  v("extra1", r.extra1);
  v("extra2", r.extra2);
}

template <class V>
void fields(V& v, dmss::ChannelName& c) {
  v("name", c.name);
}

template <class V>
void fields(V& v, dmss::ImageColor& c) {
  v("brightness", c.brightness);
  v("contrast", c.contrast);
  v("hue", c.hue);
  v("saturation", c.saturation);
}

template <class V>
void fields(V& v, dmss::ImageOrientation& o) {
  v("flip", o.flip);
  v("mirror", o.mirror);
  v("rotation", o.rotation);
}

template <class V>
void fields(V& v, dmss::GeneralSettings& g) {
  v("machine_name", g.machine_name);
  v("lock_tries", g.lock_tries);
  v("lock_seconds", g.lock_seconds);
}

template <class V>
void fields(V& v, dmss::NetworkSettings& n) {
  v("interface_name", n.interface_name);
  v("host_name", n.host_name);
  v("dhcp", n.dhcp);
  v("address", n.address);
  v("subnet_mask", n.subnet_mask);
  v("gateway", n.gateway);
  v("dns_servers", n.dns_servers);
  v("mac", n.mac);
  v("mtu", n.mtu);
}

template <class V>
void fields(V& v, dmss::TimeSettings& t) {
  v("ntp_enable", t.ntp_enable);
  v("ntp_server", t.ntp_server);
  v("ntp_port", t.ntp_port);
  v("ntp_period", t.ntp_period);
  v("time_zone", t.time_zone);
  v("time_zone_text", t.time_zone_text);
}

template <class V>
void fields(V& v, dmss::DaylightSaving::Turn& t) {
  v("year", t.year);
  v("month", t.month);
  v("week", t.week);
  v("day", t.day);
  v("hour", t.hour);
  v("minute", t.minute);
}

template <class V>
void fields(V& v, dmss::DaylightSaving& d) {
  v("enable", d.enable);
  v("begin", d.begin);
  v("end", d.end);
  v("time_format", d.time_format);
}

}  // namespace config
