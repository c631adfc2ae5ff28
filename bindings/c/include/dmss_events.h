/*
 * dmss_events.h: alarms and everything else that a device reports. Part of dmss.h, whose head says all about threads, lifetime, strings,
 * errors and compatibility.
 */
#ifndef DMSS_EVENTS_H
#define DMSS_EVENTS_H

#include "dmss.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The groups of the manual's table 9-1, and three more. */
enum {
  DMSS_EVENT_OTHER = 0,
  DMSS_EVENT_AI_ANALYSIS = 1,
  DMSS_EVENT_THERMAL = 2,
  DMSS_EVENT_MOTION = 3,
  DMSS_EVENT_MASKING = 4,
  DMSS_EVENT_DEFOCUS = 5,
  DMSS_EVENT_FACE = 6,
  DMSS_EVENT_AUDIO = 7,
  DMSS_EVENT_DISK = 8,
  DMSS_EVENT_VOLTAGE = 9,
  DMSS_EVENT_NETWORK = 10,
  DMSS_EVENT_SENSOR = 11,
  DMSS_EVENT_BATTERY = 12,
  DMSS_EVENT_INTERCOM = 13,
  DMSS_EVENT_HOUSEKEEPING = 14
};

/* What dmss_event.index counts. */
enum {
  DMSS_EVENT_INDEX_OTHER = 0, /* a door, a disk, a network port, or nothing that is known */
  DMSS_EVENT_INDEX_CHANNEL = 1,
  DMSS_EVENT_INDEX_INPUT = 2, /* alarm input */
  DMSS_EVENT_INDEX_OUTPUT = 3 /* alarm output */
};

enum {
  DMSS_EVENT_PULSE = 0,
  DMSS_EVENT_START = 1,
  DMSS_EVENT_STOP = 2,
  DMSS_EVENT_STATE = 3,
  DMSS_EVENT_UNKNOWN = 4
};

enum {
  DMSS_EVENTS_ATTACHING = 0,
  DMSS_EVENTS_ATTACHED = 1,
  DMSS_EVENTS_INTERRUPTED = 2, /* comes back by itself */
  DMSS_EVENTS_FAILED = 3,      /* will not come back without help */
  DMSS_EVENTS_STOPPED = 4
};

enum { DMSS_EVENT_ROUTE_AUTO = 0, DMSS_EVENT_ROUTE_RPC = 1, DMSS_EVENT_ROUTE_CGI = 2, DMSS_EVENT_ROUTE_POLL = 3 };

typedef struct dmss_event_object {
  uint32_t struct_size;
  int32_t reserved;
  double left, top, right, bottom; /* 0 to 1 of the picture */
  double confidence;               /* 0 to 1; -1 = not told */
  dmss_str type;                   /* "Human" ... */
} dmss_event_object;

/* Only ever made by the library; valid during the callback. */
typedef struct dmss_event {
  uint32_t struct_size;
  int32_t group;  /* DMSS_EVENT_OTHER ... */
  int32_t action; /* DMSS_EVENT_PULSE ... */
  int32_t index;  /* channel, alarm input or output (dmss_event_index_of) from 1; 0 = none */
  dmss_str code;  /* as the device spells it, like the next */
  dmss_str action_text;
  int64_t device_time_us; /* since 1970 UTC; -1 = not told */
  int64_t received_us;    /* since 1970 UTC */
  dmss_str device_local_time;
  dmss_str name;      /* of the rule or region */
  dmss_str data;      /* the device's data as JSON; may be empty */
  dmss_bytes picture; /* JPEG; may be empty */
  const dmss_event_object *objects DMSS_LENGTH(object_count);
  size_t object_count;
  int32_t recovered; /* 1: made after a gap, from the device's state */
  int32_t reserved;
} dmss_event;

typedef void (*dmss_event_fn)(void *user_data, const dmss_event *event);
/* Events may have been missed from begin to end (microseconds since 1970 UTC). */
typedef void (*dmss_event_gap_fn)(void *user_data, int64_t begin_us, int64_t end_us, const dmss_error *why DMSS_NULLABLE);
typedef void (*dmss_event_state_fn)(void *user_data, int32_t state, const dmss_error *why DMSS_NULLABLE);

typedef struct dmss_events_config {
  uint32_t struct_size;
  int32_t route;  /* DMSS_EVENT_ROUTE_* */
  const dmss_str *codes DMSS_NULLABLE DMSS_LENGTH(code_count); /* no codes and no groups: everything */
  size_t code_count;
  const int32_t *groups DMSS_NULLABLE DMSS_LENGTH(group_count);
  size_t group_count;
  const int32_t *channels DMSS_NULLABLE DMSS_LENGTH(channel_count); /* from 1; none = all */
  size_t channel_count;
  int32_t housekeeping; /* 1: also clock changes, new files, logins ... */
  int32_t pictures;     /* 1: with pictures where the device has them */
  uint32_t heartbeat_s; /* of the CGI stream, 1 to 60; also how often a device without push is asked */
  uint32_t renew_min;   /* attach anew after so many minutes without an event; 0 = never */
  uint32_t queue;       /* events that may wait for a slow handler, 16 to 100000 */
  uint32_t reserved;
  dmss_event_fn on_event DMSS_NULLABLE;
  dmss_event_gap_fn on_gap DMSS_NULLABLE;
  dmss_event_state_fn on_state DMSS_NULLABLE;
  void *user_data DMSS_NULLABLE;
  dmss_destroy_fn destroy DMSS_NULLABLE;
} dmss_events_config;

#define DMSS_EVENTS_CONFIG_INIT                                                                                            \
  {                                                                                                                        \
    sizeof(dmss_events_config), DMSS_EVENT_ROUTE_AUTO, NULL, 0, NULL, 0, NULL, 0, 0, 0, 5, 60, 1000, 0, NULL, NULL, NULL, \
        NULL, NULL                                                                                                         \
  }

typedef struct dmss_events_stats {
  uint32_t struct_size;
  int32_t state; /* DMSS_EVENTS_* */
  int32_t route; /* DMSS_EVENT_ROUTE_* in use */
  int32_t reserved;
  uint64_t events;     /* delivered or waiting */
  uint64_t dropped;    /* more than on_event could take: the oldest are dropped */
  uint64_t filtered;
  uint64_t duplicates;
  uint64_t malformed;
  uint64_t attaches;   /* attempts */
  uint64_t gaps;
  uint64_t recovered;
  uint64_t pictures;          /* that came */
  uint64_t pictures_attached; /* 1: the picture stream stands */
} dmss_events_stats;

#define DMSS_EVENTS_STATS_INIT \
  { sizeof(dmss_events_stats), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }

typedef struct dmss_events dmss_events;

/* Subscribes; everything that happens is told to on_state. */
DMSS_API int32_t dmss_events_open(dmss_device *device, const dmss_events_config *config DMSS_BORROWED,
                                  dmss_events **events DMSS_OUT DMSS_OWNED);
/* Ends the subscription; on_state(DMSS_EVENTS_STOPPED) is the last callback. */
DMSS_API int32_t dmss_events_stop(dmss_events *events);
DMSS_API void dmss_events_destroy(dmss_events *events DMSS_NULLABLE);
DMSS_API int32_t dmss_events_get_stats(dmss_events *events, dmss_events_stats *stats DMSS_OUT);
/* DMSS_EVENT_OTHER ... of a code, by table 9-1. */
DMSS_API int32_t dmss_event_group_of(dmss_str code);
/* DMSS_EVENT_INDEX_*: what the index of this code's events counts. */
DMSS_API int32_t dmss_event_index_of(dmss_str code);
DMSS_API dmss_str dmss_event_group_name(int32_t group);

#ifdef __cplusplus
}
#endif

#endif /* DMSS_EVENTS_H */
