/* live-c: all channels of a recorder through the C ABI: windows, a wall of small pictures, and a JSON record of what came.
 *   DMSS_PASSWORD=… live-c dahua://admin@192.168.1.108 --channels 1-16 --stream extra --seconds 10 --wall wall.jpg --record-json c.json
 * The wall is the newest picture of each window as JPEG files wall.jpg.1, wall.jpg.2 …: the C ABI has snapshots, not a compositor. */
#include <dmss.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MAX_WINDOWS 64

typedef struct window {
  int channel;
  dmss_live *live;
  pthread_mutex_t lock; /* between the callbacks and main */
  long frames, missing, wrong, first, last;
  int state;
} window;

/* The stamp that the virtual recorder draws: 12 x 6 black and white cells (src/media/stamp). Returns 0 when there is none. */
static int read_stamp(const uint8_t *luma, int stride, int width, int *channel, long *number, long *loop) {
  int size = width / 44 / 8 * 8;
  uint8_t bytes[9] = {0}, check = 0x5c;
  if (size < 8) size = 8;
  for (int cell = 0; cell < 72; cell++) {
    const uint8_t *at = luma + (size / 2 + cell / 12 * size + size / 4) * (long)stride + size / 2 + cell % 12 * size + size / 4;
    long sum = 0;
    for (int y = 0; y < size / 2; y++)
      for (int x = 0; x < size / 2; x++) sum += at[y * (long)stride + x];
    if (sum >= 128L * (size / 2) * (size / 2)) bytes[cell / 8] |= (uint8_t)(1 << (7 - cell % 8));
  }
  for (int i = 0; i < 8; i++) check = (uint8_t)((check << 1 | check >> 7) ^ bytes[i]);
  if (bytes[0] != 0xa6 || check != bytes[8]) return 0;
  *channel = bytes[1];
  *number = (long)bytes[2] << 24 | bytes[3] << 16 | bytes[4] << 8 | bytes[5];
  *loop = bytes[6] << 8 | bytes[7];
  return *loop > 0;
}

static void on_frame(void *user_data, const dmss_frame *frame) {
  window *w = user_data;
  dmss_frame_info info = DMSS_FRAME_INFO_INIT;
  int channel = 0;
  long number = 0, loop = 1;
  dmss_frame_get_info(frame, &info);
  pthread_mutex_lock(&w->lock);
  w->frames++;
  if (info.height < 64 || !read_stamp(info.plane[0], info.stride[0], info.width, &channel, &number, &loop) || channel != w->channel) {
    w->wrong++;
  } else {
    long skipped = w->first < 0 ? 0 : ((number - w->last - 1) % loop + loop) % loop; /* the recorder plays a loop, the count goes on */
    w->last = w->first < 0 ? number : w->last + skipped + 1;
    if (w->first < 0) w->first = number;
    w->missing += skipped;
  }
  pthread_mutex_unlock(&w->lock);
}

static void on_state(void *user_data, int32_t state, const dmss_error *why) {
  window *w = user_data;
  pthread_mutex_lock(&w->lock);
  w->state = state;
  pthread_mutex_unlock(&w->lock);
  if (why) fprintf(stderr, "channel %d: %.*s (%.*s)\n", w->channel, (int)why->message.size, why->message.data, (int)why->remedy.size, why->remedy.data);
}

static void save_snapshot(void *user_data, const dmss_error *error, dmss_bytes jpeg) {
  FILE *f = error ? NULL : fopen(user_data, "wb");
  if (!f) return;
  fwrite(jpeg.data, 1, jpeg.size, f);
  fclose(f);
}

static void write_record(FILE *out, window *windows, int count, const char *stream) {
  static const char *codecs[] = {"unknown", "h264", "h265", "mjpeg", "mpeg4"};
  fprintf(out, "{\"windows\":[\n");
  for (int i = 0; i < count; i++) {
    window *w = &windows[i];
    dmss_live_stats s = DMSS_LIVE_STATS_INIT;
    dmss_live_get_stats(w->live, &s);
    pthread_mutex_lock(&w->lock);
    fprintf(out, " {\"route\":\"%s\",\"channel\":%d,\"stream\":\"%s\",\"codec\":\"%s\",\"width\":%d,\"height\":%d,\"frames\":%ld,\"first_stamp\":%ld,",
            s.route == DMSS_MEDIA_DVRIP ? "dvrip" : "rtsp", w->channel, stream, s.video_codec <= 4 ? codecs[s.video_codec] : "?", s.width, s.height, w->frames, w->first);
    fprintf(out, "\"last_stamp\":%ld,\"missing\":%ld,\"wrong\":%ld,\"first_frame_ms\":%.1f,\"dropped\":%llu}%s\n", w->last, w->missing, w->wrong,
            (double)s.first_frame_us / 1000, (unsigned long long)s.dropped, i + 1 < count ? "," : "");
    pthread_mutex_unlock(&w->lock);
  }
  fprintf(out, "]}\n");
}

static const char *option(int argc, char **argv, const char *name, const char *otherwise) {
  for (int i = 2; i + 1 < argc; i++)
    if (!strcmp(argv[i], name)) return argv[i + 1];
  return otherwise;
}

int main(int argc, char **argv) {
  static window windows[MAX_WINDOWS];
  static char names[MAX_WINDOWS][512];
  char user[64] = "admin", host[256] = "";
  int port = 37777, first = 1, last = 16, failed = 0;
  const char *password = getenv("DMSS_PASSWORD");
  if (argc < 2 || !password || (sscanf(argv[1], "dahua://%63[^@]@%255[^:]:%d", user, host, &port) < 2)) {
    fprintf(stderr, "usage: DMSS_PASSWORD=… live-c dahua://user@host[:port] [--channels 1-16] [--stream extra|main] [--seconds 10]\n"
                    "       [--route auto|rtsp|dvrip] [--rtsp-port 554] [--wall FILE] [--record-json FILE]\n");
    return 2;
  }
  sscanf(option(argc, argv, "--channels", "1-16"), "%d-%d", &first, &last);
  const char *stream = option(argc, argv, "--stream", "extra"), *route = option(argc, argv, "--route", "auto");
  const char *record = option(argc, argv, "--record-json", NULL), *wall = option(argc, argv, "--wall", NULL);
  int count = last - first + 1 > MAX_WINDOWS ? MAX_WINDOWS : last - first + 1;

  dmss_engine *engine = NULL;
  dmss_device *device = NULL;
  dmss_engine_config engine_config = DMSS_ENGINE_CONFIG_INIT;
  dmss_device_config device_config = DMSS_DEVICE_CONFIG_INIT;
  device_config.address = dmss_str_from(host);
  device_config.user = dmss_str_from(user);
  device_config.password = dmss_str_from(password);
  device_config.port = (uint16_t)port;
  device_config.rtsp_port = (uint16_t)atoi(option(argc, argv, "--rtsp-port", "554"));
  device_config.media = !strcmp(route, "rtsp") ? DMSS_MEDIA_RTSP : !strcmp(route, "dvrip") ? DMSS_MEDIA_DVRIP : DMSS_MEDIA_AUTO;
  if (dmss_engine_create(&engine_config, &engine) || dmss_device_create(engine, &device_config, &device)) return 1;

  for (int i = 0; i < count; i++) {
    window *w = &windows[i];
    w->channel = first + i;
    w->first = w->last = -1;
    pthread_mutex_init(&w->lock, NULL);
    dmss_live_config c = DMSS_LIVE_CONFIG_INIT;
    c.channel = w->channel;
    c.stream = strcmp(stream, "main") ? DMSS_STREAM_EXTRA : DMSS_STREAM_MAIN;
    c.quality = DMSS_QUALITY_FLUENT;
    c.on_frame = on_frame;
    c.on_state = on_state;
    c.user_data = w;
    if (dmss_live_open(device, &c, &w->live)) return 1;
  }
  nanosleep(&(struct timespec){.tv_sec = atoi(option(argc, argv, "--seconds", "10"))}, NULL);

  FILE *out = record ? fopen(record, "w") : stdout;
  if (out) write_record(out, windows, count, stream);
  if (out && out != stdout) fclose(out);
  for (int i = 0; i < count; i++) {
    failed |= windows[i].frames == 0;
    if (!wall) continue;
    snprintf(names[i], sizeof names[i], "%s.%d", wall, windows[i].channel);
    dmss_live_snapshot(windows[i].live, 0, save_snapshot, names[i], NULL, NULL);
  }
  for (int i = 0; i < count; i++) dmss_live_destroy(windows[i].live);
  dmss_device_destroy(device);
  dmss_engine_destroy(engine); /* waits for the snapshots, too */
  return failed || !out;
}
