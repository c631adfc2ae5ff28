/*
 * dmss_config.h: a device's configuration, typed and raw. Part of dmss.h, whose head says all about threads, lifetime, strings, errors
 * and compatibility.
 *
 * READING AND WRITING
 *   dmss_<table>_get() gives a struct whose `item.origin` remembers what the device said. Change fields of a copy and give it to dmss_<table>_set():
 *   only what you changed is written, everything else of the device's table stays to the byte; when somebody else changed the same place in between
 *   the answer is DMSS_E_CONFLICT and nothing is written; when the device did not take a value it is DMSS_E_NOT_APPLIED. The origin is valid during the
 *   callback: to write later, keep it with dmss_config_origin_retain(). A NULL origin writes over whatever the device has now.
 *   `index` is a channel, alarm input or alarm output from 1; 0 for tables of the whole device.
 *   Arrays and strings that you pass are copied before the function returns.
 */
#ifndef DMSS_CONFIG_H
#define DMSS_CONFIG_H

#include "dmss.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- parts that many tables share (these never grow) --------------------------------------------------------------------- */

typedef struct dmss_config_origin dmss_config_origin;
DMSS_API dmss_config_origin *dmss_config_origin_retain(const dmss_config_origin *origin);
DMSS_API void dmss_config_origin_release(dmss_config_origin *origin DMSS_NULLABLE);

typedef struct dmss_config_item {
  uint32_t struct_size; /* of the struct that begins with this item */
  int32_t index;
  const dmss_config_origin *origin DMSS_NULLABLE;
} dmss_config_item;

enum {
  DMSS_RECORD_REGULAR = 1,
  DMSS_RECORD_MOTION = 2,
  DMSS_RECORD_ALARM = 4,
  DMSS_RECORD_CARD = 8,
  DMSS_RECORD_SMART = 16,
  DMSS_RECORD_MOTION_AND_ALARM = 32,
  DMSS_RECORD_POS = 64
};

/* [begin, end) in seconds since midnight; end may be 86400; mask 0 = unused. */
typedef struct dmss_period {
  int32_t begin;
  int32_t end;
  uint32_t mask; /* DMSS_RECORD_* in record schedules, else 1 */
} dmss_period;

typedef struct dmss_schedule {
  dmss_period days[7][6]; /* 0 = Sunday */
  dmss_period holiday[6];
  int32_t has_holiday; /* the device has such a row */
} dmss_schedule;

/* 22 columns x 18 rows; bit c of rows[r] is column c from the left, row 0 is the top. */
typedef struct dmss_region {
  uint32_t rows[18];
} dmss_region;

typedef struct dmss_linkage {
  dmss_schedule period;
  int32_t anti_dither; /* seconds */
  int32_t record;      /* 0 or 1, as the other switches */
  const int32_t *record_channels DMSS_LENGTH(record_channel_count); /* from 1 */
  size_t record_channel_count;
  int32_t record_delay; /* seconds */
  int32_t alarm_output;
  const int32_t *alarm_outputs DMSS_LENGTH(alarm_output_count); /* from 1 */
  size_t alarm_output_count;
  int32_t alarm_output_delay; /* seconds */
  int32_t snapshot;
  const int32_t *snapshot_channels DMSS_LENGTH(snapshot_channel_count); /* from 1 */
  size_t snapshot_channel_count;
} dmss_linkage;

typedef struct dmss_motion_window {
  int32_t id;
  int32_t sensitivity; /* 0 to 100 */
  int32_t threshold;   /* 0 to 100 */
  dmss_region region;
  dmss_str name;
} dmss_motion_window;

/* What the device said to a write. */
typedef struct dmss_config_written {
  uint32_t struct_size;
  int32_t needs_reboot;
  int32_t needs_restart;
} dmss_config_written;

typedef void (*dmss_config_set_fn)(void *user_data, const dmss_error *error DMSS_NULLABLE,
                                   const dmss_config_written *written DMSS_NULLABLE);

/* ---- typed tables -------------------------------------------------------------------------------------------------------- */

/* Per channel. */
typedef struct dmss_motion_detection_config {
  dmss_config_item item;
  int32_t enable;
  int32_t level;       /* 1 to 6: sensitivity of devices with the old grid */
  int32_t has_windows; /* read only: the device has the new grid */
  int32_t reserved;
  const dmss_motion_window *windows DMSS_LENGTH(window_count); /* up to four; one on devices with the old grid */
  size_t window_count;
  dmss_linkage linkage;
} dmss_motion_detection_config;
typedef void (*dmss_motion_detection_fn)(void *user_data, const dmss_error *error DMSS_NULLABLE, const dmss_motion_detection_config *value DMSS_NULLABLE);
DMSS_API int32_t dmss_motion_detection_get(dmss_device *device, int32_t index, dmss_motion_detection_fn done, void *user_data DMSS_NULLABLE,
    dmss_destroy_fn destroy DMSS_NULLABLE, dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);
DMSS_API int32_t dmss_motion_detection_set(dmss_device *device, const dmss_motion_detection_config *value DMSS_BORROWED, dmss_config_set_fn done,
    void *user_data DMSS_NULLABLE, dmss_destroy_fn destroy DMSS_NULLABLE,
    dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);

/* Per channel: people and vehicles. */
typedef struct dmss_smart_motion_config {
  dmss_config_item item;
  int32_t enable;
  int32_t human;
  int32_t vehicle;
  int32_t sensitivity; /* 0 low, 1 middle, 2 high */
} dmss_smart_motion_config;
typedef void (*dmss_smart_motion_fn)(void *user_data, const dmss_error *error DMSS_NULLABLE, const dmss_smart_motion_config *value DMSS_NULLABLE);
DMSS_API int32_t dmss_smart_motion_get(dmss_device *device, int32_t index, dmss_smart_motion_fn done, void *user_data DMSS_NULLABLE,
    dmss_destroy_fn destroy DMSS_NULLABLE, dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);
DMSS_API int32_t dmss_smart_motion_set(dmss_device *device, const dmss_smart_motion_config *value DMSS_BORROWED, dmss_config_set_fn done,
    void *user_data DMSS_NULLABLE, dmss_destroy_fn destroy DMSS_NULLABLE,
    dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);

/* Per channel: somebody covers the lens. */
typedef struct dmss_video_mask_config {
  dmss_config_item item;
  int32_t enable;
  int32_t level; /* 1 to 6 */
  dmss_linkage linkage;
} dmss_video_mask_config;
typedef void (*dmss_video_mask_fn)(void *user_data, const dmss_error *error DMSS_NULLABLE, const dmss_video_mask_config *value DMSS_NULLABLE);
DMSS_API int32_t dmss_video_mask_get(dmss_device *device, int32_t index, dmss_video_mask_fn done, void *user_data DMSS_NULLABLE,
    dmss_destroy_fn destroy DMSS_NULLABLE, dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);
DMSS_API int32_t dmss_video_mask_set(dmss_device *device, const dmss_video_mask_config *value DMSS_BORROWED, dmss_config_set_fn done,
    void *user_data DMSS_NULLABLE, dmss_destroy_fn destroy DMSS_NULLABLE,
    dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);

/* Per alarm input. */
typedef struct dmss_local_alarm_config {
  dmss_config_item item;
  int32_t enable;
  int32_t sensor; /* 0 normally closed, 1 normally open */
  dmss_str name;
  dmss_linkage linkage;
} dmss_local_alarm_config;
typedef void (*dmss_local_alarm_fn)(void *user_data, const dmss_error *error DMSS_NULLABLE, const dmss_local_alarm_config *value DMSS_NULLABLE);
DMSS_API int32_t dmss_local_alarm_get(dmss_device *device, int32_t index, dmss_local_alarm_fn done, void *user_data DMSS_NULLABLE,
    dmss_destroy_fn destroy DMSS_NULLABLE, dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);
DMSS_API int32_t dmss_local_alarm_set(dmss_device *device, const dmss_local_alarm_config *value DMSS_BORROWED, dmss_config_set_fn done,
    void *user_data DMSS_NULLABLE, dmss_destroy_fn destroy DMSS_NULLABLE,
    dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);

/* Per network alarm. */
typedef struct dmss_network_alarm_config {
  dmss_config_item item;
  int32_t enable;
  int32_t reserved;
  dmss_str name;
  dmss_linkage linkage;
} dmss_network_alarm_config;
typedef void (*dmss_network_alarm_fn)(void *user_data, const dmss_error *error DMSS_NULLABLE, const dmss_network_alarm_config *value DMSS_NULLABLE);
DMSS_API int32_t dmss_network_alarm_get(dmss_device *device, int32_t index, dmss_network_alarm_fn done, void *user_data DMSS_NULLABLE,
    dmss_destroy_fn destroy DMSS_NULLABLE, dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);
DMSS_API int32_t dmss_network_alarm_set(dmss_device *device, const dmss_network_alarm_config *value DMSS_BORROWED, dmss_config_set_fn done,
    void *user_data DMSS_NULLABLE, dmss_destroy_fn destroy DMSS_NULLABLE,
    dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);

/* Per channel of a recorder: alarm input of its camera. Often unsupported. */
typedef struct dmss_ipc_external_alarm_config {
  dmss_config_item item;
  int32_t enable;
  int32_t reserved;
  dmss_linkage linkage;
} dmss_ipc_external_alarm_config;
typedef void (*dmss_ipc_external_alarm_fn)(void *user_data, const dmss_error *error DMSS_NULLABLE, const dmss_ipc_external_alarm_config *value DMSS_NULLABLE);
DMSS_API int32_t dmss_ipc_external_alarm_get(dmss_device *device, int32_t index, dmss_ipc_external_alarm_fn done, void *user_data DMSS_NULLABLE,
    dmss_destroy_fn destroy DMSS_NULLABLE, dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);
DMSS_API int32_t dmss_ipc_external_alarm_set(dmss_device *device, const dmss_ipc_external_alarm_config *value DMSS_BORROWED, dmss_config_set_fn done,
    void *user_data DMSS_NULLABLE, dmss_destroy_fn destroy DMSS_NULLABLE,
    dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);

/* Per channel of a recorder: its camera is gone. Often unsupported. */
typedef struct dmss_ipc_offline_alarm_config {
  dmss_config_item item;
  int32_t enable;
  int32_t reserved;
  dmss_linkage linkage;
} dmss_ipc_offline_alarm_config;
typedef void (*dmss_ipc_offline_alarm_fn)(void *user_data, const dmss_error *error DMSS_NULLABLE, const dmss_ipc_offline_alarm_config *value DMSS_NULLABLE);
DMSS_API int32_t dmss_ipc_offline_alarm_get(dmss_device *device, int32_t index, dmss_ipc_offline_alarm_fn done, void *user_data DMSS_NULLABLE,
    dmss_destroy_fn destroy DMSS_NULLABLE, dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);
DMSS_API int32_t dmss_ipc_offline_alarm_set(dmss_device *device, const dmss_ipc_offline_alarm_config *value DMSS_BORROWED, dmss_config_set_fn done,
    void *user_data DMSS_NULLABLE, dmss_destroy_fn destroy DMSS_NULLABLE,
    dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);

/* Per channel: passive infrared detector. */
typedef struct dmss_pir_alarm_config {
  dmss_config_item item;
  int32_t enable;
  int32_t light_enable;
  int32_t light;          /* 0 keep on, 1 flash */
  int32_t light_duration; /* seconds */
  int32_t flash_interval; /* seconds */
  int32_t reserved;
  const dmss_motion_window *windows DMSS_LENGTH(window_count);
  size_t window_count;
  dmss_linkage linkage;
} dmss_pir_alarm_config;
typedef void (*dmss_pir_alarm_fn)(void *user_data, const dmss_error *error DMSS_NULLABLE, const dmss_pir_alarm_config *value DMSS_NULLABLE);
DMSS_API int32_t dmss_pir_alarm_get(dmss_device *device, int32_t index, dmss_pir_alarm_fn done, void *user_data DMSS_NULLABLE,
    dmss_destroy_fn destroy DMSS_NULLABLE, dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);
DMSS_API int32_t dmss_pir_alarm_set(dmss_device *device, const dmss_pir_alarm_config *value DMSS_BORROWED, dmss_config_set_fn done,
    void *user_data DMSS_NULLABLE, dmss_destroy_fn destroy DMSS_NULLABLE,
    dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);

/* Per alarm output. */
typedef struct dmss_alarm_output_config {
  dmss_config_item item;
  int32_t mode; /* DMSS_ALARM_OUTPUT_* */
  int32_t reserved;
  dmss_str name;
} dmss_alarm_output_config;
typedef void (*dmss_alarm_output_fn)(void *user_data, const dmss_error *error DMSS_NULLABLE, const dmss_alarm_output_config *value DMSS_NULLABLE);
DMSS_API int32_t dmss_alarm_output_get(dmss_device *device, int32_t index, dmss_alarm_output_fn done, void *user_data DMSS_NULLABLE,
    dmss_destroy_fn destroy DMSS_NULLABLE, dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);
DMSS_API int32_t dmss_alarm_output_set(dmss_device *device, const dmss_alarm_output_config *value DMSS_BORROWED, dmss_config_set_fn done,
    void *user_data DMSS_NULLABLE, dmss_destroy_fn destroy DMSS_NULLABLE,
    dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);

typedef struct dmss_stream_format {
  int32_t video;
  int32_t audio;
  int32_t width;
  int32_t height;
  double frame_rate;          /* pictures per second */
  int32_t bit_rate;           /* kbit/s */
  int32_t bit_rate_control;   /* 0 constant, 1 variable */
  int32_t key_frame_interval; /* pictures */
  int32_t quality;            /* 1 to 6, for variable bit rate */
  dmss_str codec;             /* "H.264" ... as dmss_stream_capabilities spells it */
  dmss_str profile;           /* may be empty */
  dmss_str audio_codec;
} dmss_stream_format;

/* Per channel. Writing the main stream writes its formats for regular, motion and alarm recording alike. */
typedef struct dmss_encode_config {
  dmss_config_item item;
  dmss_stream_format main;
  const dmss_stream_format *extra DMSS_LENGTH(extra_count);
  size_t extra_count;
} dmss_encode_config;
typedef void (*dmss_encode_fn)(void *user_data, const dmss_error *error DMSS_NULLABLE, const dmss_encode_config *value DMSS_NULLABLE);
DMSS_API int32_t dmss_encode_get(dmss_device *device, int32_t index, dmss_encode_fn done, void *user_data DMSS_NULLABLE,
    dmss_destroy_fn destroy DMSS_NULLABLE, dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);
DMSS_API int32_t dmss_encode_set(dmss_device *device, const dmss_encode_config *value DMSS_BORROWED, dmss_config_set_fn done,
    void *user_data DMSS_NULLABLE, dmss_destroy_fn destroy DMSS_NULLABLE,
    dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);

/* Per channel. */
typedef struct dmss_record_schedule_config {
  dmss_config_item item;
  int32_t holiday_enable;
  int32_t pre_record; /* seconds, 0 to 300 */
  int32_t redundancy;
  int32_t reserved;
  dmss_schedule period;
} dmss_record_schedule_config;
typedef void (*dmss_record_schedule_fn)(void *user_data, const dmss_error *error DMSS_NULLABLE, const dmss_record_schedule_config *value DMSS_NULLABLE);
DMSS_API int32_t dmss_record_schedule_get(dmss_device *device, int32_t index, dmss_record_schedule_fn done, void *user_data DMSS_NULLABLE,
    dmss_destroy_fn destroy DMSS_NULLABLE, dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);
DMSS_API int32_t dmss_record_schedule_set(dmss_device *device, const dmss_record_schedule_config *value DMSS_BORROWED, dmss_config_set_fn done,
    void *user_data DMSS_NULLABLE, dmss_destroy_fn destroy DMSS_NULLABLE,
    dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);

/* Per channel: 0 automatic, 1 manual (always), 2 off; -1 = the device has no such stream. */
typedef struct dmss_record_mode_config {
  dmss_config_item item;
  int32_t main;
  int32_t extra1;
  int32_t extra2;
  int32_t reserved;
} dmss_record_mode_config;
typedef void (*dmss_record_mode_fn)(void *user_data, const dmss_error *error DMSS_NULLABLE, const dmss_record_mode_config *value DMSS_NULLABLE);
DMSS_API int32_t dmss_record_mode_get(dmss_device *device, int32_t index, dmss_record_mode_fn done, void *user_data DMSS_NULLABLE,
    dmss_destroy_fn destroy DMSS_NULLABLE, dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);
DMSS_API int32_t dmss_record_mode_set(dmss_device *device, const dmss_record_mode_config *value DMSS_BORROWED, dmss_config_set_fn done,
    void *user_data DMSS_NULLABLE, dmss_destroy_fn destroy DMSS_NULLABLE,
    dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);

/* Per channel. */
typedef struct dmss_channel_name_config {
  dmss_config_item item;
  dmss_str name;
} dmss_channel_name_config;
typedef void (*dmss_channel_name_fn)(void *user_data, const dmss_error *error DMSS_NULLABLE, const dmss_channel_name_config *value DMSS_NULLABLE);
DMSS_API int32_t dmss_channel_name_get(dmss_device *device, int32_t index, dmss_channel_name_fn done, void *user_data DMSS_NULLABLE,
    dmss_destroy_fn destroy DMSS_NULLABLE, dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);
DMSS_API int32_t dmss_channel_name_set(dmss_device *device, const dmss_channel_name_config *value DMSS_BORROWED, dmss_config_set_fn done,
    void *user_data DMSS_NULLABLE, dmss_destroy_fn destroy DMSS_NULLABLE,
    dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);

/* Per channel; 0 to 100 each. */
typedef struct dmss_image_color_config {
  dmss_config_item item;
  int32_t brightness;
  int32_t contrast;
  int32_t hue;
  int32_t saturation;
} dmss_image_color_config;
typedef void (*dmss_image_color_fn)(void *user_data, const dmss_error *error DMSS_NULLABLE, const dmss_image_color_config *value DMSS_NULLABLE);
DMSS_API int32_t dmss_image_color_get(dmss_device *device, int32_t index, dmss_image_color_fn done, void *user_data DMSS_NULLABLE,
    dmss_destroy_fn destroy DMSS_NULLABLE, dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);
DMSS_API int32_t dmss_image_color_set(dmss_device *device, const dmss_image_color_config *value DMSS_BORROWED, dmss_config_set_fn done,
    void *user_data DMSS_NULLABLE, dmss_destroy_fn destroy DMSS_NULLABLE,
    dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);

/* Per channel. */
typedef struct dmss_image_orientation_config {
  dmss_config_item item;
  int32_t flip;
  int32_t mirror;
  int32_t rotation; /* 0 none, 1 clockwise, 2 counter-clockwise; -1 = the device has none */
  int32_t reserved;
} dmss_image_orientation_config;
typedef void (*dmss_image_orientation_fn)(void *user_data, const dmss_error *error DMSS_NULLABLE, const dmss_image_orientation_config *value DMSS_NULLABLE);
DMSS_API int32_t dmss_image_orientation_get(dmss_device *device, int32_t index, dmss_image_orientation_fn done, void *user_data DMSS_NULLABLE,
    dmss_destroy_fn destroy DMSS_NULLABLE, dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);
DMSS_API int32_t dmss_image_orientation_set(dmss_device *device, const dmss_image_orientation_config *value DMSS_BORROWED, dmss_config_set_fn done,
    void *user_data DMSS_NULLABLE, dmss_destroy_fn destroy DMSS_NULLABLE,
    dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);

/* The device. */
typedef struct dmss_general_config {
  dmss_config_item item;
  dmss_str machine_name;
  int32_t lock_tries;   /* read only; -1 = not told */
  int32_t lock_seconds; /* read only; -1 = not told */
} dmss_general_config;
typedef void (*dmss_general_fn)(void *user_data, const dmss_error *error DMSS_NULLABLE, const dmss_general_config *value DMSS_NULLABLE);
DMSS_API int32_t dmss_general_get(dmss_device *device, int32_t index, dmss_general_fn done, void *user_data DMSS_NULLABLE,
    dmss_destroy_fn destroy DMSS_NULLABLE, dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);
DMSS_API int32_t dmss_general_set(dmss_device *device, const dmss_general_config *value DMSS_BORROWED, dmss_config_set_fn done,
    void *user_data DMSS_NULLABLE, dmss_destroy_fn destroy DMSS_NULLABLE,
    dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);

/* The device, one interface. Writing another address ends the present connection. */
typedef struct dmss_network_config {
  dmss_config_item item;
  dmss_str interface_name; /* "eth0"; empty = the default one */
  dmss_str host_name;
  dmss_str address;
  dmss_str subnet_mask;
  dmss_str gateway;
  const dmss_str *dns_servers DMSS_LENGTH(dns_server_count);
  size_t dns_server_count;
  dmss_str mac; /* read only */
  int32_t dhcp;
  int32_t mtu;
} dmss_network_config;
typedef void (*dmss_network_fn)(void *user_data, const dmss_error *error DMSS_NULLABLE, const dmss_network_config *value DMSS_NULLABLE);
DMSS_API int32_t dmss_network_get(dmss_device *device, int32_t index, dmss_network_fn done, void *user_data DMSS_NULLABLE,
    dmss_destroy_fn destroy DMSS_NULLABLE, dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);
DMSS_API int32_t dmss_network_set(dmss_device *device, const dmss_network_config *value DMSS_BORROWED, dmss_config_set_fn done,
    void *user_data DMSS_NULLABLE, dmss_destroy_fn destroy DMSS_NULLABLE,
    dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);

/* The device: NTP and time zone. */
typedef struct dmss_time_config {
  dmss_config_item item;
  int32_t ntp_enable;
  int32_t ntp_port;
  int32_t ntp_period; /* minutes */
  int32_t time_zone;  /* the device's own index */
  dmss_str ntp_server;
  dmss_str time_zone_text;
} dmss_time_config;
typedef void (*dmss_time_fn)(void *user_data, const dmss_error *error DMSS_NULLABLE, const dmss_time_config *value DMSS_NULLABLE);
DMSS_API int32_t dmss_time_get(dmss_device *device, int32_t index, dmss_time_fn done, void *user_data DMSS_NULLABLE,
    dmss_destroy_fn destroy DMSS_NULLABLE, dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);
DMSS_API int32_t dmss_time_set(dmss_device *device, const dmss_time_config *value DMSS_BORROWED, dmss_config_set_fn done,
    void *user_data DMSS_NULLABLE, dmss_destroy_fn destroy DMSS_NULLABLE,
    dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);

typedef struct dmss_dst_turn {
  int32_t year;
  int32_t month; /* 1 to 12 */
  int32_t week;  /* 0: day of the month; 1 to 4 and -1 (last): `day` is a weekday, 0 = Sunday */
  int32_t day;
  int32_t hour;
  int32_t minute;
} dmss_dst_turn;

/* The device. */
typedef struct dmss_daylight_saving_config {
  dmss_config_item item;
  int32_t enable;
  int32_t reserved;
  dmss_dst_turn begin;
  dmss_dst_turn end;
  dmss_str time_format;
} dmss_daylight_saving_config;
typedef void (*dmss_daylight_saving_fn)(void *user_data, const dmss_error *error DMSS_NULLABLE, const dmss_daylight_saving_config *value DMSS_NULLABLE);
DMSS_API int32_t dmss_daylight_saving_get(dmss_device *device, int32_t index, dmss_daylight_saving_fn done, void *user_data DMSS_NULLABLE,
    dmss_destroy_fn destroy DMSS_NULLABLE, dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);
DMSS_API int32_t dmss_daylight_saving_set(dmss_device *device, const dmss_daylight_saving_config *value DMSS_BORROWED, dmss_config_set_fn done,
    void *user_data DMSS_NULLABLE, dmss_destroy_fn destroy DMSS_NULLABLE,
    dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);

/* ---- any table, as JSON -------------------------------------------------------------------------------------------------- */

/* channel from 1, 0 = the whole table. */
DMSS_API int32_t dmss_config_read(dmss_device *device, dmss_str table, int32_t channel, dmss_text_fn done, void *user_data DMSS_NULLABLE,
                                  dmss_destroy_fn destroy DMSS_NULLABLE,
                                  dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);
/* `expected`: what dmss_config_read() gave; a change in between is DMSS_E_CONFLICT. Empty = write over whatever is there. */
DMSS_API int32_t dmss_config_write(dmss_device *device, dmss_str table, int32_t channel, dmss_str json, dmss_str expected,
                                   dmss_config_set_fn done, void *user_data DMSS_NULLABLE, dmss_destroy_fn destroy DMSS_NULLABLE,
                                   dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);
/* These three over JSON-RPC only. */
DMSS_API int32_t dmss_config_remove(dmss_device *device, dmss_str table, int32_t channel, dmss_done_fn done, void *user_data DMSS_NULLABLE,
                                    dmss_destroy_fn destroy DMSS_NULLABLE,
                                    dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);
DMSS_API int32_t dmss_config_read_default(dmss_device *device, dmss_str table, int32_t channel, dmss_text_fn done,
                                          void *user_data DMSS_NULLABLE, dmss_destroy_fn destroy DMSS_NULLABLE,
                                          dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);
typedef void (*dmss_names_fn)(void *user_data, const dmss_error *error DMSS_NULLABLE,
                              const dmss_str *names DMSS_NULLABLE DMSS_LENGTH(count), size_t count);
DMSS_API int32_t dmss_config_list(dmss_device *device, dmss_names_fn done, void *user_data DMSS_NULLABLE,
                                  dmss_destroy_fn destroy DMSS_NULLABLE,
                                  dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);

typedef struct dmss_config_watch dmss_config_watch;
typedef void (*dmss_config_change_fn)(void *user_data, dmss_str table, dmss_str before, dmss_str after);
/* Reads the tables again every period_ms (1 s to 24 h) and after each reconnect, and tells of changes; "MotionDetect[0]" is the first
 * row of that table alone, counted as on the wire. */
DMSS_API int32_t dmss_config_watch_start(dmss_device *device, const dmss_str *tables DMSS_LENGTH(count), size_t count, uint32_t period_ms,
                                         dmss_config_change_fn on_change, void *user_data DMSS_NULLABLE,
                                         dmss_destroy_fn destroy DMSS_NULLABLE, dmss_config_watch **watch DMSS_OUT DMSS_OWNED);
DMSS_API void dmss_config_watch_destroy(dmss_config_watch *watch DMSS_NULLABLE);

#ifdef __cplusplus
}
#endif

#endif /* DMSS_CONFIG_H */
