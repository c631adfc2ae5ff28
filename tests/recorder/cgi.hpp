// Cgi: the CGI families, /cgi-bin/<service>.cgi?action=<verb>&…, one file a family (protocol http-rpc.md §2.2,
// §3, §4.3). A new family is a new file cgi_<family>.cpp and one line in Cgi's constructor.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "proto/cgi/kv.hpp"
#include "proto/cgi/url.hpp"
#include "recorder/http_io.hpp"
#include "recorder/rpc_methods.hpp"

namespace dmss::recorder {

/// One authenticated request.
struct CgiCall {
  Core& core;
  Rpc& rpc;
  const HttpRequest& http;
  std::string user;         // who authenticated
  std::string address;      // the caller's, without port
  std::string over;         // "http" or "https"
  std::string path;         // decoded, "/cgi-bin/magicBox.cgi"
  std::string service;      // "magicBox.cgi"; what follows it in `path` for families with a longer path
  std::string action;       // empty when none was given
  proto::cgi::Query query;  // of the target, then of a form in the body

  /// Empty when there is no such key.
  std::string get(const char* key) const { return std::string(query.get(key).value_or("")); }
  /// Decimal; the fallback when absent or anything else.
  std::int64_t number(const char* key, std::int64_t fallback) const;
};

class Cgi {
 public:
  explicit Cgi(Rpc& rpc);

  /// Answers one request. For a long-lived stream the handler sets HttpAnswer::takes_over.
  using Handler = std::function<HttpAnswer(const CgiCall&)>;
  void add(const std::string& service, Handler handler) { handlers_[service] = std::move(handler); }

  HttpAnswer answer(const HttpRequest& request, const std::string& user, const Link& link);

 private:
  /// What the profile and faults refuse before anything is done.
  std::optional<HttpAnswer> refusal(const CgiCall& call);
  Rpc& rpc_;
  std::map<std::string, Handler> handlers_;
};

// What handlers answer.
namespace cgi {

HttpAnswer text(int status, std::string body);
HttpAnswer lines(const proto::cgi::KeyValues& kv);
HttpAnswer line(const std::string& key, const std::string& value);
HttpAnswer ok();
/// 400, an unknown table, key or parameter.
HttpAnswer bad_request();
/// The older form of it.
HttpAnswer invalid_request();
/// 501, no such verb.
HttpAnswer not_implemented();
/// 403: no privilege, or an unknown table on some firmware.
HttpAnswer no_authority(bool bare = false);
/// 200 Error: a write that the device declines.
HttpAnswer declined();
HttpAnswer missing_leaf(int status, const std::string& name);

}  // namespace cgi

void add_cgi_audio(Cgi& cgi);
void add_cgi_config(Cgi& cgi);
void add_cgi_controls(Cgi& cgi);
void add_cgi_device(Cgi& cgi);
void add_cgi_events(Cgi& cgi);
void add_cgi_log(Cgi& cgi);
void add_cgi_pir(Cgi& cgi);
void add_cgi_ptz(Cgi& cgi);
void add_cgi_record(Cgi& cgi);
void add_cgi_snapshot(Cgi& cgi);
void add_cgi_storage(Cgi& cgi);
void add_cgi_users(Cgi& cgi);
void add_cgi_video(Cgi& cgi);

/// The part of devVideoInput.cgi that moves the lens; 501 for other verbs.
HttpAnswer cgi_lens(const CgiCall& call);

}  // namespace dmss::recorder
