/*
 * dmss.h: the C interface of libdmss, a headless SDK for Dahua-family cameras and recorders.
 *
 * THREADS
 *   An engine owns one network thread and a pool of workers; many engines may live in one process and share nothing. Every function
 *   may be called from any thread, also inside a callback. No function waits for the network; the only one that waits at all is
 *   dmss_engine_destroy(), for the engine's own threads, and it does not when called inside a callback of that engine.
 *   Callbacks run on worker threads. The callbacks of one object (a device's, a window's, one request's) never overlap; those of
 *   different objects may run at the same time. No lock is held during a callback, except during on_log: the engine's lines come one at a time,
 *   and whoever logs waits for it, so on_log must be quick. Any other callback that blocks delays its own object only: while others wait
 *   for a worker the engine lends a thread for each that blocks, up to 64 (a callback on the network thread that was asked for by
 *   packets_on_network_thread holds up everything).
 *   No exception and no longjmp may leave a callback: the process ends.
 *
 * LIFETIME
 *   Handles are made by dmss_*_create / dmss_live_open and given back by dmss_*_destroy, once, from any thread, also inside a
 *   callback of that very object. Destroying cancels what is pending and returns at once; children may outlive parents (a window
 *   goes on to exist after its device or engine was destroyed: it reports DMSS_LIVE_STOPPED and answers DMSS_E_CANCELLED).
 *   After destroy returns no callback of the object starts; one that is already running on another thread may still be finishing.
 *   Every set of callbacks takes `user_data` with a `destroy` function, called exactly once, after the last callback, on any thread:
 *   that is the place to free what `user_data` points to. When a function returns an error code, it has not taken `user_data`: neither its
 *   callbacks nor `destroy` will be called.
 *   An engine that is destroyed inside a callback lives on until that has returned: the `destroy` of its configuration tells when its
 *   threads are done. Wait for that before the process ends or the library is unloaded.
 *   Every request with a `done` callback calls it exactly once: with the result, an error, or DMSS_E_CANCELLED.
 *
 * STRINGS AND MEMORY
 *   Text is UTF-8 in dmss_str {data, size}, not terminated by a zero. What you pass is copied before the function returns. What a
 *   callback passes is valid during that callback. A frame can be kept with dmss_frame_retain(), a packet cannot: copy it.
 *   Passwords are wiped from memory when their owner goes and never appear in errors or logs.
 *
 * ERRORS
 *   Functions return 0 (DMSS_OK) or a negative code DMSS_E_*. Callbacks get `const dmss_error *`, NULL when all is well; it carries
 *   the device's own code and words, tries and seconds left, the connection, the cause, and a remedy for a person. Codes are stable.
 *
 * COMPATIBILITY
 *   Every struct starts with `struct_size`; initialise with its *_INIT macro (0 is refused). The library reads no further than your struct_size and
 *   fills no further, so an application compiled against an older header runs with a newer library of the same major version.
 *   Enumerations are int32_t: expect values that are not listed here. dmss_abi_version() is DMSS_ABI_VERSION of the library.
 *
 * ANNOTATIONS
 *   DMSS_NULLABLE may be NULL (all other pointers must not be) · DMSS_OUT written by the function · DMSS_OWNED the receiver must give it
 *   back · DMSS_BORROWED valid during the call only · DMSS_LENGTH(n) array of n elements. They compile to nothing; binding generators
 *   define DMSS_ANNOTATE to see them.
 *
 * Channels are numbered from 1, as on the recorder's screen. Times are microseconds unless a name says otherwise.
 */
#ifndef DMSS_H
#define DMSS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(_WIN32)
#if defined(DMSS_BUILDING)
#define DMSS_API __declspec(dllexport)
#else
#define DMSS_API __declspec(dllimport)
#endif
#elif defined(__GNUC__)
#define DMSS_API __attribute__((visibility("default")))
#else
#define DMSS_API
#endif

#if defined(DMSS_ANNOTATE) && defined(__clang__)
#define DMSS_NULLABLE __attribute__((annotate("nullable")))
#define DMSS_OUT __attribute__((annotate("out")))
#define DMSS_OWNED __attribute__((annotate("owned")))
#define DMSS_BORROWED __attribute__((annotate("borrowed")))
#define DMSS_LENGTH(n) __attribute__((annotate("length:" #n)))
#else
#define DMSS_NULLABLE
#define DMSS_OUT
#define DMSS_OWNED
#define DMSS_BORROWED
#define DMSS_LENGTH(n)
#endif

/* ---- version ------------------------------------------------------------------------------------------------------------- */

#define DMSS_ABI_VERSION 1u

DMSS_API uint32_t dmss_abi_version(void);
/* "0.1.0"; static. */
DMSS_API const char *dmss_version(void);

/* ---- basic types --------------------------------------------------------------------------------------------------------- */

/* UTF-8, not zero-terminated; data may be NULL when size is 0. */
typedef struct dmss_str {
  const char *data;
  size_t size;
} dmss_str;

/* For literals and zero-terminated strings; NULL gives the empty string. */
DMSS_API dmss_str dmss_str_from(const char *zero_terminated DMSS_NULLABLE);

typedef struct dmss_bytes {
  const uint8_t *data;
  size_t size;
} dmss_bytes;

typedef void (*dmss_destroy_fn)(void *user_data);

typedef struct dmss_engine dmss_engine;
typedef struct dmss_device dmss_device;
typedef struct dmss_live dmss_live;
typedef struct dmss_frame dmss_frame;
typedef struct dmss_operation dmss_operation;

/* ---- errors -------------------------------------------------------------------------------------------------------------- */

enum {
  DMSS_OK = 0,
  DMSS_E_CANCELLED = -1,
  DMSS_E_TIMEOUT = -2,
  DMSS_E_INVALID_ARGUMENT = -3,
  DMSS_E_INVALID_STATE = -4,
  DMSS_E_UNSUPPORTED = -5,
  DMSS_E_INTERNAL = -6,
  DMSS_E_OVERFLOW = -7,

  DMSS_E_RESOLVE_FAILED = -20,
  DMSS_E_CONNECT_FAILED = -21,
  DMSS_E_CONNECTION_LOST = -22,
  DMSS_E_DEVICE_OFFLINE = -23,
  DMSS_E_TLS_FAILED = -24,
  DMSS_E_TLS_UNTRUSTED = -25,
  DMSS_E_TLS_CHANGED = -26,
  DMSS_E_PLAINTEXT_REFUSED = -27,

  DMSS_E_WRONG_USER = -40,
  DMSS_E_WRONG_PASSWORD = -41,
  DMSS_E_LOCKED = -42,
  DMSS_E_NOT_INITIALISED = -43,
  DMSS_E_BLOCKED = -44,
  DMSS_E_DEVICE_BUSY = -45,
  DMSS_E_TOO_MANY_USERS = -46,
  DMSS_E_ALREADY_LOGGED_IN = -47,
  DMSS_E_LOGIN_REFUSED = -48,
  DMSS_E_LEGACY_LOGIN_NEEDED = -49,
  DMSS_E_CREDENTIALS_HELD_BACK = -50,
  DMSS_E_WRONG_DEVICE = -51,

  DMSS_E_SESSION_EXPIRED = -60,
  DMSS_E_NO_PERMISSION = -61,
  DMSS_E_DEVICE_ERROR = -62,
  DMSS_E_MALFORMED = -63,
  DMSS_E_TOO_LARGE = -64,
  DMSS_E_CONFLICT = -65,
  DMSS_E_NOT_APPLIED = -66,

  DMSS_E_NO_SUCH_CHANNEL = -80,
  DMSS_E_NO_STREAM = -81,
  DMSS_E_STREAM_LIMIT = -82,
  DMSS_E_NO_MEDIA = -83,
  DMSS_E_CODEC_UNSUPPORTED = -84,
  DMSS_E_ENCRYPTED = -85,
  DMSS_E_DECODE_FAILED = -86,
  DMSS_E_NO_KEY_FRAME = -87,
  DMSS_E_NO_PICTURE = -88,
  DMSS_E_NO_STORAGE = -89
};

enum {
  DMSS_CATEGORY_NONE = 0,
  DMSS_CATEGORY_CALL = 1,
  DMSS_CATEGORY_NETWORK = 2,
  DMSS_CATEGORY_LOGIN = 3,
  DMSS_CATEGORY_DEVICE = 4,
  DMSS_CATEGORY_MEDIA = 5
};

/* Only ever made by the library; valid during the callback. */
typedef struct dmss_error {
  uint32_t struct_size;
  int32_t code;         /* DMSS_E_* */
  int32_t category;     /* DMSS_CATEGORY_* */
  int32_t tries_left;   /* login attempts until the account is locked; -1 = the device does not say */
  int32_t seconds_left; /* until a lock ends; -1 = the device does not say */
  int64_t device_code;  /* JSON-RPC code, HTTP or RTSP status, or 0x100*[8]+[9] of a DVRIP verdict; 0 = none */
  dmss_str message;     /* what happened */
  dmss_str remedy;      /* what a person can do about it; may be empty */
  dmss_str device_text; /* the device's own words */
  dmss_str connection;  /* "tcp 192.0.2.10:37777" */
  const struct dmss_error *cause DMSS_NULLABLE;
} dmss_error;

/* Static text for a code: stable identifier, sentence, remedy. Unknown codes give "unknown". */
DMSS_API dmss_str dmss_error_name(int32_t code);
DMSS_API dmss_str dmss_error_description(int32_t code);
DMSS_API dmss_str dmss_error_remedy(int32_t code);

/* ---- requests ------------------------------------------------------------------------------------------------------------ */

/* Completes the request with DMSS_E_CANCELLED unless it has completed. Any number of times. */
DMSS_API void dmss_operation_cancel(dmss_operation *operation DMSS_NULLABLE);
/* Gives the handle back; does not cancel. */
DMSS_API void dmss_operation_destroy(dmss_operation *operation DMSS_NULLABLE);

/* `error` NULL = done. */
typedef void (*dmss_done_fn)(void *user_data, const dmss_error *error DMSS_NULLABLE);
typedef void (*dmss_text_fn)(void *user_data, const dmss_error *error DMSS_NULLABLE, dmss_str text);
typedef void (*dmss_bytes_fn)(void *user_data, const dmss_error *error DMSS_NULLABLE, dmss_bytes bytes);

/* ---- engine -------------------------------------------------------------------------------------------------------------- */

enum { DMSS_LOG_TRACE = 0, DMSS_LOG_DEBUG = 1, DMSS_LOG_INFO = 2, DMSS_LOG_WARNING = 3, DMSS_LOG_ERROR = 4, DMSS_LOG_OFF = 5 };

/* One line of the log; any thread, never at the same time for one engine. Do not destroy the engine in here. */
typedef void (*dmss_log_fn)(void *user_data, int32_t level, dmss_str scope, dmss_str text);

typedef struct dmss_engine_config {
  uint32_t struct_size;
  int32_t log_level;   /* DMSS_LOG_*; default DMSS_LOG_WARNING */
  int32_t workers;     /* threads for decoding and callbacks, at most 256; 0 = one per core; more are lent while callbacks block */
  int32_t reserved;    /* 0 */
  dmss_log_fn on_log DMSS_NULLABLE; /* NULL: standard error */
  void *user_data DMSS_NULLABLE;
  dmss_destroy_fn destroy DMSS_NULLABLE; /* last of all, when the engine's threads are done and nothing of it is left */
  dmss_str trust_file; /* where certificates trusted on first use are remembered; empty = in memory */
} dmss_engine_config;

#define DMSS_ENGINE_CONFIG_INIT \
  { sizeof(dmss_engine_config), DMSS_LOG_WARNING, 0, 0, NULL, NULL, NULL, { NULL, 0 } }

typedef struct dmss_engine_stats {
  uint32_t struct_size;
  uint32_t reserved;
  uint64_t devices;   /* alive */
  uint64_t lives;     /* windows alive */
  uint64_t upstreams; /* media connections */
  uint64_t threads;   /* the network's, the workers, those lent for callbacks that block */
} dmss_engine_stats;

#define DMSS_ENGINE_STATS_INIT \
  { sizeof(dmss_engine_stats), 0, 0, 0, 0, 0 }

DMSS_API int32_t dmss_engine_create(const dmss_engine_config *config DMSS_NULLABLE DMSS_BORROWED,
                                    dmss_engine **engine DMSS_OUT DMSS_OWNED);
DMSS_API void dmss_engine_destroy(dmss_engine *engine DMSS_NULLABLE);
DMSS_API int32_t dmss_engine_set_log_level(dmss_engine *engine, int32_t level);
DMSS_API int32_t dmss_engine_get_stats(dmss_engine *engine, dmss_engine_stats *stats DMSS_OUT);

/* ---- device -------------------------------------------------------------------------------------------------------------- */

enum { DMSS_CONTROL_AUTO = 0, DMSS_CONTROL_DVRIP = 1, DMSS_CONTROL_HTTPS = 2, DMSS_CONTROL_HTTP = 3, DMSS_CONTROL_DHIP = 4 };
enum { DMSS_MEDIA_AUTO = 0, DMSS_MEDIA_RTSP = 1, DMSS_MEDIA_DVRIP = 2 };
enum { DMSS_RTSP_TCP = 0, DMSS_RTSP_UDP = 1, DMSS_RTSP_TLS = 2 };
enum { DMSS_TLS_FIRST_USE = 0, DMSS_TLS_CA = 1, DMSS_TLS_PIN = 2, DMSS_TLS_INSECURE = 3 };
enum { DMSS_TLS_1_0 = 0x0301, DMSS_TLS_1_1 = 0x0302, DMSS_TLS_1_2 = 0x0303, DMSS_TLS_1_3 = 0x0304 };

enum {
  DMSS_LOGIN_NONE = 0,
  DMSS_LOGIN_DVRIP_DIGEST = 1,
  DMSS_LOGIN_DVRIP_GEN0 = 2,
  DMSS_LOGIN_DVRIP_PLAIN = 3,
  DMSS_LOGIN_RPC_DIGEST = 4,
  DMSS_LOGIN_RPC_BASIC = 5,
  DMSS_LOGIN_HTTP_DIGEST = 6,
  DMSS_LOGIN_HTTP_BASIC = 7
};

/* What to send on 37777 to a recorder so old that it knows no challenge. Nothing tells which of the two it knows, and each wrong guess
 * counts towards a lock, so the caller says it; it is sent once. Other than NONE also allows JSON-RPC's "OldDigest". */
enum {
  DMSS_LEGACY_NONE = 0,
  DMSS_LEGACY_PLAIN = 1, /* the password itself, readable by any listener */
  DMSS_LEGACY_GEN0 = 2   /* weak DES with a published key, of the first 8 bytes: as good as readable */
};

enum {
  DMSS_DEVICE_IDLE = 0,       /* nothing asked yet, or logged out */
  DMSS_DEVICE_CONNECTING = 1,
  DMSS_DEVICE_ONLINE = 2,
  DMSS_DEVICE_WAITING = 3,    /* lost or unreachable; will try again */
  DMSS_DEVICE_REFUSED = 4,    /* the device said no; waits for other credentials or a login with retry_refused */
  DMSS_DEVICE_CLOSED = 5
};

typedef void (*dmss_device_state_fn)(void *user_data, int32_t state, const dmss_error *why DMSS_NULLABLE);
/* A JSON message the device sent by itself ("client.notify…"). */
typedef void (*dmss_notification_fn)(void *user_data, dmss_str json);

typedef struct dmss_device_config {
  uint32_t struct_size;
  int32_t control;        /* DMSS_CONTROL_* */
  int32_t media;          /* DMSS_MEDIA_* */
  int32_t rtsp_transport; /* DMSS_RTSP_* */
  dmss_str address;       /* host name or IPv4/IPv6 literal */
  dmss_str user;
  dmss_str password;
  uint16_t port;          /* DVRIP; 0 in a port = never use that service */
  uint16_t http_port;
  uint16_t https_port;
  uint16_t dhip_port;
  uint16_t rtsp_port;
  uint16_t rtsps_port;
  uint8_t dvrip_tls;                /* 1: direct TLS on `port` */
  uint8_t allow_legacy_login;       /* DMSS_LEGACY_*; 0 (default): an old recorder is DMSS_E_LEGACY_LOGIN_NEEDED */
  uint8_t allow_plaintext_password; /* 1: HTTP Basic and the like */
  uint8_t reconnect;                /* 1 (default): come back by itself after a lost connection */
  int32_t tls_mode;        /* DMSS_TLS_* */
  int32_t tls_minimum;     /* DMSS_TLS_1_2 by default */
  dmss_str tls_fingerprint;   /* DMSS_TLS_PIN: SHA-256 of the certificate, hex */
  dmss_str tls_ca_file;       /* DMSS_TLS_CA: PEM; empty = the system's */
  dmss_str tls_expected_name; /* DMSS_TLS_CA: instead of the host name */
  dmss_str stream_password;   /* for encrypted streams; empty = password */
  dmss_str serial;            /* refuse another device at this address */
  uint32_t connect_timeout_ms; /* these five: 1 ms to 24 h, reconnect_min <= reconnect_max */
  uint32_t call_timeout_ms;
  uint32_t keep_alive_ms;     /* period; lost after two periods of silence */
  uint32_t reconnect_min_ms;
  uint32_t reconnect_max_ms;
  uint32_t reserved;          /* 0 */
  dmss_device_state_fn on_state DMSS_NULLABLE;
  dmss_notification_fn on_notification DMSS_NULLABLE;
  void *user_data DMSS_NULLABLE;
  dmss_destroy_fn destroy DMSS_NULLABLE;
} dmss_device_config;

#define DMSS_DEVICE_CONFIG_INIT                                                                                                 \
  {                                                                                                                             \
    sizeof(dmss_device_config), DMSS_CONTROL_AUTO, DMSS_MEDIA_AUTO, DMSS_RTSP_TCP, {NULL, 0}, {NULL, 0}, {NULL, 0}, 37777, 80,  \
        443, 5000, 554, 322, 0, 0, 0, 1, DMSS_TLS_FIRST_USE, DMSS_TLS_1_2, {NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0},          \
        {NULL, 0}, 10000, 10000, 10000, 1000, 60000, 0, NULL, NULL, NULL, NULL                                                  \
  }

typedef struct dmss_device_info {
  uint32_t struct_size;
  int32_t channels; /* 0 = the device does not say */
  int32_t route;    /* DMSS_CONTROL_* in use */
  int32_t login;    /* DMSS_LOGIN_* that was accepted */
  dmss_str serial;
  dmss_str model;
  dmss_str device_class;
  dmss_str software;
  dmss_str connection; /* "tcp 192.0.2.10:37777" */
  dmss_str tls;        /* "TLSv1.3 TLS_AES_256_GCM_SHA384"; empty = not encrypted */
  const dmss_str *channel_names DMSS_LENGTH(channel_name_count);
  size_t channel_name_count;
  dmss_str hardware; /* version, "1.00"; empty = the device does not say */
  dmss_str build;    /* date of the firmware, "2024-10-30"; empty = the device does not say */
} dmss_device_info;

typedef void (*dmss_login_fn)(void *user_data, const dmss_error *error DMSS_NULLABLE, const dmss_device_info *info DMSS_NULLABLE);

typedef struct dmss_device_stats {
  uint32_t struct_size;
  int32_t state;           /* DMSS_DEVICE_* */
  uint64_t logins;         /* that succeeded */
  uint64_t login_attempts; /* times credentials were sent */
  uint64_t reconnects;
  uint64_t bytes_in;       /* control connection, as of the last request or keep-alive */
  uint64_t bytes_out;
  int64_t round_trip_us;   /* of the last keep-alive */
  uint64_t dropped_notifications; /* more than on_notification could take: the newest are dropped */
} dmss_device_stats;

#define DMSS_DEVICE_STATS_INIT \
  { sizeof(dmss_device_stats), 0, 0, 0, 0, 0, 0, 0, 0 }

/* No connection is made before something asks for one. */
DMSS_API int32_t dmss_device_create(dmss_engine *engine, const dmss_device_config *config DMSS_BORROWED,
                                    dmss_device **device DMSS_OUT DMSS_OWNED);
/* Logs out and closes when its last window is gone, too. */
DMSS_API void dmss_device_destroy(dmss_device *device DMSS_NULLABLE);
/* Logs in, or reports the present login; implied by everything else. timeout_ms 0 = 20 s. retry_refused 1 = send credentials again that
 * the device has refused: this may lock the account. */
DMSS_API int32_t dmss_device_login(dmss_device *device, uint32_t timeout_ms, int32_t retry_refused, dmss_login_fn done,
                                   void *user_data DMSS_NULLABLE, dmss_destroy_fn destroy DMSS_NULLABLE,
                                   dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);
/* Closes the session and its windows and stays away until something asks for it again. */
DMSS_API int32_t dmss_device_logout(dmss_device *device);
DMSS_API int32_t dmss_device_set_credentials(dmss_device *device, dmss_str user, dmss_str password);
/* Any JSON-RPC method; `params` is JSON, empty = null; `object` 0 = none. The text is the device's whole reply. timeout_ms 0 = config. */
DMSS_API int32_t dmss_device_call(dmss_device *device, dmss_str method, dmss_str params, int64_t object, uint32_t timeout_ms,
                                  dmss_text_fn done, void *user_data DMSS_NULLABLE, dmss_destroy_fn destroy DMSS_NULLABLE,
                                  dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);
/* JPEG made by the device. */
DMSS_API int32_t dmss_device_snapshot(dmss_device *device, int32_t channel, uint32_t timeout_ms, dmss_bytes_fn done,
                                      void *user_data DMSS_NULLABLE, dmss_destroy_fn destroy DMSS_NULLABLE,
                                      dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);
DMSS_API int32_t dmss_device_get_stats(dmss_device *device, dmss_device_stats *stats DMSS_OUT);

/* ---- live ---------------------------------------------------------------------------------------------------------------- */

enum { DMSS_STREAM_MAIN = 0, DMSS_STREAM_EXTRA = 1, DMSS_STREAM_EXTRA2 = 2, DMSS_STREAM_EXTRA3 = 3 };
/* AUTO: real time; main goes over to extra under lasting load and comes back after lasting calm. */
enum { DMSS_QUALITY_REAL_TIME = 0, DMSS_QUALITY_FLUENT = 1, DMSS_QUALITY_AUTO = 2 };
enum { DMSS_KIND_VIDEO = 0, DMSS_KIND_AUDIO = 1, DMSS_KIND_DATA = 2 };

enum {
  DMSS_CODEC_UNKNOWN = 0,
  DMSS_CODEC_H264 = 1,
  DMSS_CODEC_H265 = 2,
  DMSS_CODEC_MJPEG = 3,
  DMSS_CODEC_MPEG4 = 4,
  DMSS_CODEC_PCM_ALAW = 20,
  DMSS_CODEC_PCM_MULAW = 21,
  DMSS_CODEC_PCM_S16LE = 22,
  DMSS_CODEC_AAC = 23,
  DMSS_CODEC_G726_16 = 24,
  DMSS_CODEC_G726_24 = 25,
  DMSS_CODEC_G726_32 = 26,
  DMSS_CODEC_G726_40 = 27,
  DMSS_CODEC_PCM_S16BE = 28,
  DMSS_CODEC_PCM_S8 = 29
};

enum {
  DMSS_PIXEL_UNKNOWN = 0,
  DMSS_PIXEL_I420 = 1,
  DMSS_PIXEL_NV12 = 2,
  DMSS_PIXEL_I422 = 3,
  DMSS_PIXEL_I444 = 4,
  DMSS_PIXEL_I420_10 = 5, /* 10 bits in 16, little-endian */
  DMSS_PIXEL_HARDWARE = 100
};

enum {
  DMSS_LIVE_OPENING = 0,
  DMSS_LIVE_PLAYING = 1, /* pictures arrive, from a key frame on */
  DMSS_LIVE_PAUSED = 2,
  DMSS_LIVE_RECONNECTING = 3, /* comes back by itself */
  DMSS_LIVE_FAILED = 4,       /* will not come back without help */
  DMSS_LIVE_STOPPED = 5
};

/* A decoded picture: a reference to the decoder's own buffer. */
typedef struct dmss_frame_info {
  uint32_t struct_size;
  int32_t width; /* visible pixels */
  int32_t height;
  int32_t format;      /* DMSS_PIXEL_* */
  int32_t plane_count;
  int32_t stride[4];   /* bytes from row to row */
  const uint8_t *plane[4];
  int32_t full_range;  /* 1: luma 0..255, 0: 16..235 */
  int32_t primaries;   /* ITU-T H.273 */
  int32_t transfer;
  int32_t matrix;
  int32_t key;
  int32_t corrupt;     /* 1: lost data, has errors, or builds on a picture that does */
  int32_t channel;
  int32_t stream;      /* DMSS_STREAM_* */
  int32_t codec;       /* DMSS_CODEC_* */
  int64_t time_us;     /* on the stream's clock */
  int64_t wall_us;     /* sender's UTC clock, since 1970; -1 = not known */
  int64_t arrived_us;  /* when its last byte was read from the socket, on this host's monotonic clock (CLOCK_MONOTONIC on Linux) */
} dmss_frame_info;

#define DMSS_FRAME_INFO_INIT \
  { sizeof(dmss_frame_info), 0, 0, 0, 0, {0, 0, 0, 0}, {NULL, NULL, NULL, NULL}, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }

DMSS_API int32_t dmss_frame_get_info(const dmss_frame *frame, dmss_frame_info *info DMSS_OUT);
/* Another reference, to keep the picture after the callback: at most 4 per window at a time. */
DMSS_API dmss_frame *dmss_frame_retain(const dmss_frame *frame) DMSS_OWNED;
/* For references from dmss_frame_retain only. */
DMSS_API void dmss_frame_release(dmss_frame *frame DMSS_NULLABLE);

typedef struct dmss_packet {
  uint32_t struct_size;
  int32_t kind;  /* DMSS_KIND_* */
  int32_t codec; /* DMSS_CODEC_* */
  int32_t key;
  int32_t corrupt;
  int32_t discontinuity;
  int32_t sample_rate; /* sound */
  int32_t channels;    /* sound */
  int64_t time_us;
  int64_t wall_us;     /* -1 = not known */
  dmss_bytes data;     /* an access unit; H.264 and H.265 in Annex-B with parameter sets */
  int64_t arrived_us;  /* as in dmss_frame_info */
} dmss_packet;

typedef struct dmss_audio {
  uint32_t struct_size;
  int32_t sample_rate;
  int32_t channels;
  int32_t reserved;
  const int16_t *samples DMSS_LENGTH(sample_count); /* interleaved */
  size_t sample_count; /* of all channels */
  int64_t time_us;
  int64_t wall_us;     /* -1 = not known */
} dmss_audio;

typedef void (*dmss_frame_fn)(void *user_data, const dmss_frame *frame DMSS_BORROWED);
typedef void (*dmss_audio_fn)(void *user_data, const dmss_audio *audio DMSS_BORROWED);
typedef void (*dmss_packet_fn)(void *user_data, const dmss_packet *packet DMSS_BORROWED);
typedef void (*dmss_live_state_fn)(void *user_data, int32_t state, const dmss_error *why DMSS_NULLABLE);

typedef struct dmss_live_config {
  uint32_t struct_size;
  int32_t channel; /* 1 to 1024 */
  int32_t stream;  /* DMSS_STREAM_*; extra by default */
  int32_t quality; /* DMSS_QUALITY_* */
  uint8_t audio;        /* 1 (default): ask for sound; windows on one stream share it, those without hear none */
  uint8_t muted;        /* 1: start without on_audio */
  uint8_t hardware;     /* 1: decode in hardware where that works */
  uint8_t show_corrupt; /* 1: show pictures that lost data; 0: only after 5 s without any other */
  int32_t decoder_threads; /* 0 to 16; 0: one, without added delay */
  /* 1: on_packet is called on the network thread, straight from the depacketiser: nothing is queued, dropped or waits for a worker. It
   * may then run at the same time as the window's other callbacks, and must return within microseconds: the whole engine waits. */
  uint8_t packets_on_network_thread;
  /* Each NULL or called on a worker thread; decoding happens only when on_frame is set. */
  dmss_frame_fn on_frame DMSS_NULLABLE;
  dmss_audio_fn on_audio DMSS_NULLABLE;
  dmss_packet_fn on_packet DMSS_NULLABLE;
  dmss_live_state_fn on_state DMSS_NULLABLE;
  void *user_data DMSS_NULLABLE;
  dmss_destroy_fn destroy DMSS_NULLABLE;
} dmss_live_config;

#define DMSS_LIVE_CONFIG_INIT \
  { sizeof(dmss_live_config), 1, DMSS_STREAM_EXTRA, DMSS_QUALITY_REAL_TIME, 1, 0, 0, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL }

typedef struct dmss_live_stats {
  uint32_t struct_size;
  int32_t state;       /* DMSS_LIVE_* */
  int32_t route;       /* DMSS_MEDIA_* in use */
  int32_t stream;      /* DMSS_STREAM_* */
  int32_t video_codec; /* DMSS_CODEC_* */
  int32_t audio_codec;
  int32_t width;
  int32_t height;
  double bit_rate;     /* bits a second over the last seconds */
  double frame_rate;
  uint64_t bytes;      /* from the sockets of the streams the window was on while it was; never falls */
  uint64_t packets;    /* coded pictures received */
  uint64_t frames;     /* pictures given to on_frame */
  uint64_t lost;       /* packets that never came */
  uint64_t corrupt;    /* pictures with parts missing */
  uint64_t dropped;    /* pictures thrown away because the window could not keep up */
  uint64_t decode_errors;
  uint64_t restarts;
  uint64_t audio_blocks;
  int64_t decode_time_us;  /* sum */
  int64_t first_frame_us;  /* from opening to the first picture; 0 = none yet */
  int64_t latency_us;      /* sender's clock to callback; -1 = not known */
  uint32_t transport_size; /* bytes of `transport` in use */
  char transport[92];      /* "rtsp/tcp 192.0.2.10:554"; UTF-8, not zero-terminated; empty = nothing open */
} dmss_live_stats;

#define DMSS_LIVE_STATS_INIT \
  { sizeof(dmss_live_stats), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, {0} }

/* Opens a window; everything that happens is told to on_state. */
DMSS_API int32_t dmss_live_open(dmss_device *device, const dmss_live_config *config DMSS_BORROWED,
                                dmss_live **live DMSS_OUT DMSS_OWNED);
DMSS_API void dmss_live_destroy(dmss_live *live DMSS_NULLABLE);
/* Keeps the connection for a while but delivers nothing; resume starts at the next key frame. */
DMSS_API int32_t dmss_live_pause(dmss_live *live);
DMSS_API int32_t dmss_live_resume(dmss_live *live);
DMSS_API int32_t dmss_live_mute(dmss_live *live, int32_t muted);
/* The old stream plays until the new one's first key frame. */
DMSS_API int32_t dmss_live_switch_stream(dmss_live *live, int32_t stream, dmss_done_fn done DMSS_NULLABLE,
                                         void *user_data DMSS_NULLABLE, dmss_destroy_fn destroy DMSS_NULLABLE,
                                         dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);
/* JPEG of the last decoded picture; quality 2 (best) … 31, 0 = 3. */
DMSS_API int32_t dmss_live_snapshot(dmss_live *live, int32_t quality, dmss_bytes_fn done, void *user_data DMSS_NULLABLE,
                                    dmss_destroy_fn destroy DMSS_NULLABLE,
                                    dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);
/* JPEGs of the next `count` (1 to 20) decoded pictures: on_picture for each, with its index from 0, on a worker thread, never together with
 * the window's other callbacks or after `done`. quality as above; timeout_ms for all of them, 0 = 10 s. At most four at a time in a
 * window, whose on_frame must be set. */
typedef void (*dmss_picture_fn)(void *user_data, int32_t index, dmss_bytes jpeg);
DMSS_API int32_t dmss_live_snapshot_burst(dmss_live *live, int32_t count, int32_t quality, uint32_t timeout_ms,
                                          dmss_picture_fn on_picture, dmss_done_fn done DMSS_NULLABLE,
                                          void *user_data DMSS_NULLABLE, dmss_destroy_fn destroy DMSS_NULLABLE,
                                          dmss_operation **operation DMSS_NULLABLE DMSS_OUT DMSS_OWNED);
/* Ends the window; on_state(DMSS_LIVE_STOPPED) is the last callback. */
DMSS_API int32_t dmss_live_stop(dmss_live *live);
DMSS_API int32_t dmss_live_get_stats(dmss_live *live, dmss_live_stats *stats DMSS_OUT);

#ifdef __cplusplus
}
#endif

/* The rest of the interface; each of these compiles alone, too. */
#include "dmss_config.h"
#include "dmss_control.h"
#include "dmss_events.h"

#endif /* DMSS_H */
