/*
 * dmss_control.h: capabilities, PTZ, live controls and the device's own affairs. Part of dmss.h, whose head says all about threads,
 * lifetime, strings, errors and compatibility.
 *
 * Every request completes exactly once, at the latest after three times the device's call timeout, and may be cancelled through
 * `operation`. A channel or function that the device lacks answers DMSS_E_UNSUPPORTED or DMSS_E_NO_SUCH_CHANNEL with the reason.
 */
#ifndef DMSS_CONTROL_H
#define DMSS_CONTROL_H

#include "dmss.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- capabilities -------------------------------------------------------------------------------------------------------- */

enum { DMSS_SUPPORT_UNKNOWN = 0, DMSS_SUPPORT_NO = 1, DMSS_SUPPORT_YES = 2 };

enum {
  /* of a channel */
  DMSS_FEATURE_PTZ = 1,
  DMSS_FEATURE_PTZ_ZOOM = 2,
  DMSS_FEATURE_PTZ_FOCUS = 3,
  DMSS_FEATURE_PTZ_IRIS = 4,
  DMSS_FEATURE_PTZ_PRESETS = 5,
  DMSS_FEATURE_PTZ_TOURS = 6,
  DMSS_FEATURE_PTZ_POSITION = 7,
  DMSS_FEATURE_PTZ_ABSOLUTE = 8,
  DMSS_FEATURE_PTZ_RELATIVE = 9,
  DMSS_FEATURE_MOTORISED_LENS = 10,
  DMSS_FEATURE_WIPER = 11,
  DMSS_FEATURE_LIGHT = 12,
  DMSS_FEATURE_SIREN = 13,
  DMSS_FEATURE_SMART_TRACKING = 14,
  DMSS_FEATURE_TALK = 15,
  DMSS_FEATURE_AUDIO = 16,
  DMSS_FEATURE_IMAGE_COLOR = 17,
  DMSS_FEATURE_IMAGE_FLIP = 18,
  DMSS_FEATURE_IMAGE_MIRROR = 19,
  DMSS_FEATURE_IMAGE_ROTATE = 20,
  DMSS_FEATURE_FISHEYE = 21,
  DMSS_FEATURE_MOTION_DETECTION = 22,
  DMSS_FEATURE_SMART_MOTION = 23,
  DMSS_FEATURE_VIDEO_MASK = 24,
  DMSS_FEATURE_PIR = 25,
  DMSS_FEATURE_SMART_RULES = 26,
  DMSS_FEATURE_EXTRA_STREAM = 27,
  /* of the device */
  DMSS_FEATURE_JSON_RPC = 64,
  DMSS_FEATURE_CGI = 65,
  DMSS_FEATURE_ALARM_INPUTS = 66,
  DMSS_FEATURE_ALARM_OUTPUTS = 67,
  DMSS_FEATURE_STORAGE = 68,
  DMSS_FEATURE_RECORDING = 69,
  DMSS_FEATURE_EVENTS = 70,
  DMSS_FEATURE_EVENT_PICTURES = 71,
  DMSS_FEATURE_LOG_SEARCH = 72,
  DMSS_FEATURE_ENCRYPTED_PASSWORD_CHANGE = 73
};

typedef struct dmss_capability {
  uint32_t struct_size;
  int32_t feature; /* DMSS_FEATURE_* */
  int32_t support; /* DMSS_SUPPORT_* */
  int32_t reserved;
  dmss_str probe;  /* what told */
  dmss_str reason; /* why no or unknown */
} dmss_capability;

/* Inclusive; minimum > maximum = the device does not say. Never grows. */
typedef struct dmss_limits {
  int32_t minimum;
  int32_t maximum;
} dmss_limits;

typedef struct dmss_resolution {
  uint32_t struct_size;
  int32_t width;
  int32_t height;
  dmss_str name; /* "1080P"; may be empty */
} dmss_resolution;

typedef struct dmss_stream_capabilities {
  uint32_t struct_size;
  int32_t max_frame_rate; /* pictures per second; 0 = not told */
  dmss_limits bit_rate;   /* kbit/s */
  const dmss_str *video_codecs DMSS_LENGTH(video_codec_count);
  size_t video_codec_count;
  const dmss_str *audio_codecs DMSS_LENGTH(audio_codec_count);
  size_t audio_codec_count;
  const dmss_resolution *resolutions DMSS_LENGTH(resolution_count);
  size_t resolution_count;
} dmss_stream_capabilities;

/* Only ever made by the library; valid during the callback. Step through arrays of structs by their first element's struct_size. */
typedef struct dmss_capabilities {
  uint32_t struct_size;
  int32_t channel; /* 0 = the device */
  const dmss_capability *features DMSS_LENGTH(feature_count);
  size_t feature_count;
  dmss_limits pan_speed, tilt_speed; /* in the device's steps */
  dmss_limits presets, tours;        /* numbers */
  dmss_limits horizontal_angle, vertical_angle; /* degrees */
  const dmss_str *auxiliary DMSS_LENGTH(auxiliary_count);
  size_t auxiliary_count;
  const dmss_stream_capabilities *streams DMSS_LENGTH(stream_count); /* main, extra 1 ... */
  size_t stream_count;
  int32_t alarm_inputs;  /* of the device */
  int32_t alarm_outputs;
  const dmss_str *event_codes DMSS_LENGTH(event_code_count);
  size_t event_code_count;
} dmss_capabilities;

typedef void (*dmss_capabilities_fn)(void *user_data, const dmss_error *error DMSS_NULLABLE,
                                     const dmss_capabilities *capabilities DMSS_NULLABLE);

/* Of the device (channel 0) or a channel. Probed once a login; refresh 1 asks again. */
DMSS_API int32_t dmss_device_capabilities(dmss_device *device, int32_t channel, int32_t refresh, dmss_capabilities_fn done,
                                          void *user_data DMSS_NULLABLE, dmss_destroy_fn destroy DMSS_NULLABLE,
                                          dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);
/* "ptz_presets"; unknown numbers give "unknown". */
DMSS_API dmss_str dmss_feature_name(int32_t feature);

/* ---- PTZ ----------------------------------------------------------------------------------------------------------------- */

enum {
  DMSS_PTZ_UP = 0,
  DMSS_PTZ_DOWN = 1,
  DMSS_PTZ_LEFT = 2,
  DMSS_PTZ_RIGHT = 3,
  DMSS_PTZ_LEFT_UP = 4,
  DMSS_PTZ_RIGHT_UP = 5,
  DMSS_PTZ_LEFT_DOWN = 6,
  DMSS_PTZ_RIGHT_DOWN = 7,
  DMSS_PTZ_ZOOM_IN = 8,
  DMSS_PTZ_ZOOM_OUT = 9,
  DMSS_PTZ_FOCUS_NEAR = 10,
  DMSS_PTZ_FOCUS_FAR = 11,
  DMSS_PTZ_IRIS_OPEN = 12,
  DMSS_PTZ_IRIS_CLOSE = 13
};

typedef struct dmss_ptz_move dmss_ptz_move;

typedef struct dmss_ptz_move_config {
  uint32_t struct_size;
  int32_t channel;       /* from 1 */
  int32_t action;        /* DMSS_PTZ_* */
  int32_t speed;         /* 1 to 8 */
  uint32_t duration_ms;  /* 0: until stopped or destroyed; else stops by itself, at most 1 h */
  uint32_t reserved;     /* 0 */
  dmss_done_fn on_started DMSS_NULLABLE; /* once: the device took it, or why not */
  dmss_done_fn on_stopped DMSS_NULLABLE; /* once: the stop was acknowledged */
  void *user_data DMSS_NULLABLE;
  dmss_destroy_fn destroy DMSS_NULLABLE;
} dmss_ptz_move_config;

#define DMSS_PTZ_MOVE_CONFIG_INIT \
  { sizeof(dmss_ptz_move_config), 1, DMSS_PTZ_UP, 4, 0, 0, NULL, NULL, NULL, NULL }

/* A move can never be left running: the stop is sent when the move is stopped, destroyed or superseded, when its device or engine goes, and again
 * after a reconnect until the device has acknowledged it. */
DMSS_API int32_t dmss_ptz_move_start(dmss_device *device, const dmss_ptz_move_config *config DMSS_BORROWED,
                                     dmss_ptz_move **move DMSS_OUT DMSS_OWNED);
DMSS_API int32_t dmss_ptz_move_stop(dmss_ptz_move *move);
/* Stops it unless it has a duration. */
DMSS_API void dmss_ptz_move_destroy(dmss_ptz_move *move DMSS_NULLABLE);

enum {
  DMSS_PTZ_GOTO_PRESET = 0,
  DMSS_PTZ_SET_PRESET = 1,   /* with a name */
  DMSS_PTZ_CLEAR_PRESET = 2,
  DMSS_PTZ_START_TOUR = 3,
  DMSS_PTZ_STOP_TOUR = 4,
  DMSS_PTZ_ADD_TO_TOUR = 5,      /* number = tour, preset */
  DMSS_PTZ_REMOVE_FROM_TOUR = 6, /* number = tour, preset */
  DMSS_PTZ_CLEAR_TOUR = 7,
  DMSS_PTZ_STOP_ALL = 8
};

/* One of the above; `number` and `preset` from 1 where the command uses them. */
DMSS_API int32_t dmss_ptz_command(dmss_device *device, int32_t channel, int32_t command, int32_t number, int32_t preset, dmss_str text,
                                  dmss_done_fn done DMSS_NULLABLE, void *user_data DMSS_NULLABLE,
                                  dmss_destroy_fn destroy DMSS_NULLABLE,
                                  dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);

typedef struct dmss_ptz_preset {
  uint32_t struct_size;
  int32_t number;
  dmss_str name;
} dmss_ptz_preset;

typedef void (*dmss_ptz_presets_fn)(void *user_data, const dmss_error *error DMSS_NULLABLE,
                                    const dmss_ptz_preset *presets DMSS_NULLABLE DMSS_LENGTH(count), size_t count);
DMSS_API int32_t dmss_ptz_presets(dmss_device *device, int32_t channel, dmss_ptz_presets_fn done, void *user_data DMSS_NULLABLE,
                                  dmss_destroy_fn destroy DMSS_NULLABLE,
                                  dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);

typedef struct dmss_ptz_status {
  uint32_t struct_size;
  int32_t has_position;
  double pan;  /* degrees */
  double tilt; /* degrees */
  double zoom; /* the device's own scale */
  int32_t moving;
  int32_t zooming;
  int32_t preset; /* where it stands; 0 = at none */
  int32_t reserved;
} dmss_ptz_status;

typedef void (*dmss_ptz_status_fn)(void *user_data, const dmss_error *error DMSS_NULLABLE,
                                   const dmss_ptz_status *status DMSS_NULLABLE);
DMSS_API int32_t dmss_ptz_get_status(dmss_device *device, int32_t channel, dmss_ptz_status_fn done, void *user_data DMSS_NULLABLE,
                                     dmss_destroy_fn destroy DMSS_NULLABLE,
                                     dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);
/* Degrees and zoom as in dmss_ptz_status. */
DMSS_API int32_t dmss_ptz_move_to(dmss_device *device, int32_t channel, double pan, double tilt, double zoom,
                                  dmss_done_fn done DMSS_NULLABLE, void *user_data DMSS_NULLABLE,
                                  dmss_destroy_fn destroy DMSS_NULLABLE,
                                  dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);
/* -1 to 1 of the field of view to the right, upwards and in. */
DMSS_API int32_t dmss_ptz_move_by(dmss_device *device, int32_t channel, double right, double up, double zoom_in,
                                  dmss_done_fn done DMSS_NULLABLE, void *user_data DMSS_NULLABLE,
                                  dmss_destroy_fn destroy DMSS_NULLABLE,
                                  dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);
/* A rectangle of the picture, 0 to 1 from the top left, comes to fill it. */
DMSS_API int32_t dmss_ptz_zoom_to(dmss_device *device, int32_t channel, double left, double top, double right, double bottom,
                                  dmss_done_fn done DMSS_NULLABLE, void *user_data DMSS_NULLABLE,
                                  dmss_destroy_fn destroy DMSS_NULLABLE,
                                  dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);

/* ---- live controls ------------------------------------------------------------------------------------------------------- */

enum {
  DMSS_CONTROL_WIPE_ONCE = 0,
  DMSS_CONTROL_WIPE_CONTINUOUSLY = 1, /* value = seconds between, 1 to 3600 */
  DMSS_CONTROL_STOP_WIPER = 2,
  DMSS_CONTROL_LIGHT = 3,          /* value 0 or 1, also in the next two */
  DMSS_CONTROL_SIREN = 4,
  DMSS_CONTROL_SMART_TRACKING = 5,
  DMSS_CONTROL_AUTO_FOCUS = 6,
  DMSS_CONTROL_RESET_IMAGE = 7,
  DMSS_CONTROL_START_RECORDING = 8,
  DMSS_CONTROL_STOP_RECORDING = 9
};

DMSS_API int32_t dmss_control(dmss_device *device, int32_t channel, int32_t control, int32_t value, dmss_done_fn done DMSS_NULLABLE,
                              void *user_data DMSS_NULLABLE, dmss_destroy_fn destroy DMSS_NULLABLE,
                              dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);
/* Motorised lens; 0 to 1 each. */
DMSS_API int32_t dmss_control_set_lens(dmss_device *device, int32_t channel, double zoom, double focus, dmss_done_fn done DMSS_NULLABLE,
                                       void *user_data DMSS_NULLABLE, dmss_destroy_fn destroy DMSS_NULLABLE,
                                       dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);

typedef struct dmss_control_status {
  uint32_t struct_size;
  int32_t light;     /* 0, 1; -1 = the device does not say, also below */
  int32_t siren;
  int32_t recording;
  int32_t focusing;
  int32_t reserved;
  double zoom;       /* of the lens, 0 to 1; -1 = not known */
  double focus;
} dmss_control_status;

enum { DMSS_STATUS_DETERRENCE = 1, DMSS_STATUS_LENS = 2, DMSS_STATUS_RECORDING = 4 };

typedef void (*dmss_control_status_fn)(void *user_data, const dmss_error *error DMSS_NULLABLE,
                                       const dmss_control_status *status DMSS_NULLABLE);
/* `which`: exactly one DMSS_STATUS_*. */
DMSS_API int32_t dmss_control_get_status(dmss_device *device, int32_t channel, int32_t which, dmss_control_status_fn done,
                                         void *user_data DMSS_NULLABLE, dmss_destroy_fn destroy DMSS_NULLABLE,
                                         dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);

/* ---- the device's own affairs -------------------------------------------------------------------------------------------- */

/* Wall clock of the device in its own zone. Never grows. */
typedef struct dmss_device_time {
  int32_t year, month, day; /* month and day from 1 */
  int32_t hour, minute, second;
} dmss_device_time;

typedef void (*dmss_device_time_fn)(void *user_data, const dmss_error *error DMSS_NULLABLE,
                                    const dmss_device_time *time DMSS_NULLABLE);
DMSS_API int32_t dmss_admin_get_time(dmss_device *device, dmss_device_time_fn done, void *user_data DMSS_NULLABLE,
                                     dmss_destroy_fn destroy DMSS_NULLABLE,
                                     dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);
/* `time` NULL = this host's local time. */
DMSS_API int32_t dmss_admin_set_time(dmss_device *device, const dmss_device_time *time DMSS_NULLABLE DMSS_BORROWED,
                                     dmss_done_fn done DMSS_NULLABLE, void *user_data DMSS_NULLABLE,
                                     dmss_destroy_fn destroy DMSS_NULLABLE,
                                     dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);

typedef struct dmss_online_user {
  uint32_t struct_size;
  int32_t reserved;
  int64_t id;
  dmss_str name;
  dmss_str group;
  dmss_str address;
  dmss_str client_type;
  dmss_str login_time; /* as the device writes it */
} dmss_online_user;

typedef void (*dmss_online_users_fn)(void *user_data, const dmss_error *error DMSS_NULLABLE,
                                     const dmss_online_user *users DMSS_NULLABLE DMSS_LENGTH(count), size_t count);
DMSS_API int32_t dmss_admin_online_users(dmss_device *device, dmss_online_users_fn done, void *user_data DMSS_NULLABLE,
                                         dmss_destroy_fn destroy DMSS_NULLABLE,
                                         dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);

typedef struct dmss_disk {
  uint32_t struct_size;
  int32_t healthy;
  dmss_str name;
  dmss_str state; /* the device's own word */
  uint64_t total; /* bytes */
  uint64_t free;  /* 0 is normal: the oldest recordings are overwritten */
} dmss_disk;

typedef void (*dmss_disks_fn)(void *user_data, const dmss_error *error DMSS_NULLABLE,
                              const dmss_disk *disks DMSS_NULLABLE DMSS_LENGTH(count), size_t count);
DMSS_API int32_t dmss_admin_disks(dmss_device *device, dmss_disks_fn done, void *user_data DMSS_NULLABLE,
                                  dmss_destroy_fn destroy DMSS_NULLABLE,
                                  dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);

typedef struct dmss_log_query {
  uint32_t struct_size;
  int32_t limit;        /* entries at most, 1 to 100000 */
  dmss_device_time begin;
  dmss_device_time end;
  const dmss_str *types DMSS_NULLABLE DMSS_LENGTH(type_count); /* "Event.VideoMotion.Start"; none = all */
  size_t type_count;
  int32_t newest_first;
  int32_t reserved;
} dmss_log_query;

#define DMSS_LOG_QUERY_INIT \
  { sizeof(dmss_log_query), 1000, {2000, 1, 1, 0, 0, 0}, {2037, 12, 31, 23, 59, 59}, NULL, 0, 1, 0 }

typedef struct dmss_log_entry {
  uint32_t struct_size;
  int32_t reserved;
  dmss_str time;
  dmss_str type;
  dmss_str user;
  dmss_str json; /* the whole entry as the device gave it */
} dmss_log_entry;

/* A page; return 0 to end the search, 1 to go on. */
typedef int32_t (*dmss_log_page_fn)(void *user_data, const dmss_log_entry *entries DMSS_LENGTH(count), size_t count);
/* `on_page` any number of times, then `done` once. */
DMSS_API int32_t dmss_admin_search_log(dmss_device *device, const dmss_log_query *query DMSS_BORROWED, dmss_log_page_fn on_page,
                                       dmss_done_fn done, void *user_data DMSS_NULLABLE, dmss_destroy_fn destroy DMSS_NULLABLE,
                                       dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);

typedef struct dmss_smart_query {
  uint32_t struct_size;
  int32_t limit; /* entries at most, 1 to 100000 */
  dmss_device_time begin;
  dmss_device_time end;
  const int32_t *channels DMSS_NULLABLE DMSS_LENGTH(channel_count); /* from 1; none = all; at most 1024 */
  size_t channel_count;
  int32_t human; /* one of the two at least */
  int32_t vehicle;
} dmss_smart_query;

#define DMSS_SMART_QUERY_INIT \
  { sizeof(dmss_smart_query), 1000, {2000, 1, 1, 0, 0, 0}, {2037, 12, 31, 23, 59, 59}, NULL, 0, 1, 1 }

/* What a device does not tell, or tells under other names, is 0 or empty and still in json. */
typedef struct dmss_smart_entry {
  uint32_t struct_size;
  int32_t channel; /* from 1; 0 = not told */
  dmss_str begin;  /* times as the device writes them */
  dmss_str end;
  dmss_str type; /* the device's own word */
  dmss_str json; /* the whole entry as the device gave it */
} dmss_smart_entry;

/* A page; return 0 to end the search, 1 to go on. */
typedef int32_t (*dmss_smart_page_fn)(void *user_data, const dmss_smart_entry *entries DMSS_LENGTH(count), size_t count);
/* Humans and vehicles that smart motion detection saw, newest first. `on_page` any number of times, then `done` once. */
DMSS_API int32_t dmss_admin_search_smart(dmss_device *device, const dmss_smart_query *query DMSS_BORROWED, dmss_smart_page_fn on_page,
                                         dmss_done_fn done, void *user_data DMSS_NULLABLE, dmss_destroy_fn destroy DMSS_NULLABLE,
                                         dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);

/* One byte each, 0 or 1; index 0 = input or output 1. */
typedef void (*dmss_alarm_states_fn)(void *user_data, const dmss_error *error DMSS_NULLABLE, dmss_bytes inputs, dmss_bytes outputs);
DMSS_API int32_t dmss_admin_alarm_states(dmss_device *device, dmss_alarm_states_fn done, void *user_data DMSS_NULLABLE,
                                         dmss_destroy_fn destroy DMSS_NULLABLE,
                                         dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);

enum { DMSS_ALARM_OUTPUT_AUTOMATIC = 0, DMSS_ALARM_OUTPUT_MANUAL = 1, DMSS_ALARM_OUTPUT_CLOSE = 2 };
/* output from 1. */
DMSS_API int32_t dmss_admin_set_alarm_output(dmss_device *device, int32_t output, int32_t mode, dmss_done_fn done DMSS_NULLABLE,
                                             void *user_data DMSS_NULLABLE, dmss_destroy_fn destroy DMSS_NULLABLE,
                                             dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);
/* Simulates network alarm `input` (from 1). */
DMSS_API int32_t dmss_admin_set_network_alarm(dmss_device *device, int32_t input, int32_t on, dmss_done_fn done DMSS_NULLABLE,
                                              void *user_data DMSS_NULLABLE, dmss_destroy_fn destroy DMSS_NULLABLE,
                                              dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);
/* Of the user that is logged in. Sent once; afterwards the library uses the new one. */
DMSS_API int32_t dmss_admin_change_password(dmss_device *device, dmss_str old_password, dmss_str new_password, dmss_done_fn done,
                                            void *user_data DMSS_NULLABLE, dmss_destroy_fn destroy DMSS_NULLABLE,
                                            dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);
/* The device goes away and comes back; on_state of the device tells. */
DMSS_API int32_t dmss_admin_reboot(dmss_device *device, dmss_done_fn done DMSS_NULLABLE, void *user_data DMSS_NULLABLE,
                                   dmss_destroy_fn destroy DMSS_NULLABLE,
                                   dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);

#ifdef __cplusplus
}
#endif

#endif /* DMSS_CONTROL_H */
