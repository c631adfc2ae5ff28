/* A program of someone else's: logs in, goes. Arguments: the recorder's DVRIP and RTSP ports, its password. */
#include <dmss.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int answered = 0, result = 1;

static void on_login(void* user_data, const dmss_error* error, const dmss_device_info* info) {
  (void)user_data;
  pthread_mutex_lock(&mutex);
  if (error == NULL) {
    printf("%.*s %d\n", (int)info->serial.size, info->serial.data, (int)info->channels);
    result = 0;
  } else {
    fprintf(stderr, "%.*s\n", (int)error->message.size, error->message.data);
  }
  answered = 1;
  pthread_cond_signal(&changed);
  pthread_mutex_unlock(&mutex);
}

int main(int argc, char** argv) {
  dmss_engine_config quiet = DMSS_ENGINE_CONFIG_INIT;
  dmss_device_config config = DMSS_DEVICE_CONFIG_INIT;
  dmss_engine* engine = NULL;
  dmss_device* device = NULL;
  if (argc != 4 || dmss_abi_version() != DMSS_ABI_VERSION) return 2;
  quiet.log_level = DMSS_LOG_OFF;
  config.address = dmss_str_from("127.0.0.1");
  config.user = dmss_str_from("admin");
  config.password = dmss_str_from(argv[3]);
  config.port = (uint16_t)atoi(argv[1]);
  config.rtsp_port = (uint16_t)atoi(argv[2]);
  if (dmss_engine_create(&quiet, &engine) != DMSS_OK) return 3;
  if (dmss_device_create(engine, &config, &device) != DMSS_OK) return 4;
  if (dmss_device_login(device, 20000, 0, on_login, NULL, NULL, NULL) != DMSS_OK) return 5;
  pthread_mutex_lock(&mutex);
  while (!answered) pthread_cond_wait(&changed, &mutex);
  pthread_mutex_unlock(&mutex);
  dmss_device_destroy(device);
  dmss_engine_destroy(engine);
  return result;
}
