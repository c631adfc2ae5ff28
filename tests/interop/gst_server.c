/* interop_gst_server PIPELINE USER PASSWORD: GStreamer's RTSP server with one pipeline at /cam/realmonitor behind Digest. Prints its
 * port; ends when stdin does. */
#include <gst/rtsp-server/rtsp-server.h>
#include <stdio.h>

static gboolean on_stdin(GIOChannel* channel, GIOCondition condition, gpointer loop) {
  (void)channel;
  (void)condition;
  g_main_loop_quit(loop);
  return G_SOURCE_REMOVE;
}

static GstRTSPMediaFactory* protected_factory(const char* pipeline) {
  GstRTSPMediaFactory* factory = gst_rtsp_media_factory_new();
  gst_rtsp_media_factory_set_launch(factory, pipeline);
  gst_rtsp_media_factory_add_role(factory, "viewer", GST_RTSP_PERM_MEDIA_FACTORY_ACCESS, G_TYPE_BOOLEAN, TRUE,
                                  GST_RTSP_PERM_MEDIA_FACTORY_CONSTRUCT, G_TYPE_BOOLEAN, TRUE, NULL);
  return factory;
}

static GstRTSPAuth* digest(const char* user, const char* password) {
  GstRTSPAuth* auth = gst_rtsp_auth_new();
  GstRTSPToken* token = gst_rtsp_token_new(GST_RTSP_TOKEN_MEDIA_FACTORY_ROLE, G_TYPE_STRING, "viewer", NULL);
  gst_rtsp_auth_set_supported_methods(auth, GST_RTSP_AUTH_DIGEST);
  gst_rtsp_auth_add_digest(auth, user, password, token);
  gst_rtsp_token_unref(token);
  return auth;
}

int main(int argc, char** argv) {
  gst_init(&argc, &argv);
  if (argc != 4) return 2;
  GMainLoop* loop = g_main_loop_new(NULL, FALSE);
  GstRTSPServer* server = gst_rtsp_server_new();
  gst_rtsp_server_set_address(server, "127.0.0.1");
  gst_rtsp_server_set_service(server, "0");

  GstRTSPAuth* auth = digest(argv[2], argv[3]);
  gst_rtsp_server_set_auth(server, auth);
  g_object_unref(auth);
  GstRTSPMountPoints* mounts = gst_rtsp_server_get_mount_points(server);
  gst_rtsp_mount_points_add_factory(mounts, "/cam/realmonitor", protected_factory(argv[1]));
  g_object_unref(mounts);
  if (gst_rtsp_server_attach(server, NULL) == 0) return 1;
  printf("%d\n", gst_rtsp_server_get_bound_port(server));
  fflush(stdout);

  GIOChannel* in = g_io_channel_unix_new(0);
  g_io_add_watch(in, G_IO_IN | G_IO_HUP, on_stdin, loop);
  g_main_loop_run(loop);
  return 0;
}
