// RtspDialogue: the requests of one stream: which connection they go over, how they are authorised, which session they belong to.
#pragma once

#include "proto/rtsp/headers.hpp"
#include "session/live/rtsp_memory.hpp"

namespace dmss::session {

/// Owned by a source, which outlives its coroutines.
class RtspDialogue {
 public:
  using Message = proto::rtsp::Message;
  using Messages = RtspConnection::Messages;

  RtspDialogue(Context context, RtspTarget target);
  ~RtspDialogue() { drop(); }
  /// Where packets and the end of the connection in use go. Before connect().
  void serve(PacketSink& packets, std::function<void()> on_end) {
    packets_ = &packets;
    on_end_ = std::move(on_end);
  }
  RtspDialogue(const RtspDialogue&) = delete;
  RtspDialogue& operator=(const RtspDialogue&) = delete;

  /// A connection that an earlier stream left behind, if there is one and `may_reuse`, else a new one.
  awaitable<Result<void>> connect(bool may_reuse);
  /// The connection comes from an earlier stream; its nonce is known to be good on it.
  bool reused() const { return reused_; }
  bool sends_flights() const;

  /// Session and, as soon as the device has asked for it, authorisation are added.
  awaitable<Result<Message>> request(Message plain);
  /// All at once, in one round trip. A refused authorisation is session_expired: nothing is judged, start over.
  awaitable<Result<Messages>> flight(Messages plain);
  /// Not waited for; `answered` as in RtspConnection::send_request().
  void send(Message plain, RtspConnection::Answered answered = nullptr);

  /// A 401 to something that was not waited for: true when it may be sent once more, which signs it anew.
  bool challenged(const Message& answer);

  /// Ok for 2xx.
  Error status_error(const Message& answer, const char* method) const;
  /// Some firmware changes the session's id between SETUP and PLAY: the newest counts.
  void note_session(const Message& answer);
  const proto::rtsp::Session& session() const { return session_; }
  Error labelled(Error e) const;

  /// Null before connect() and after leave(), drop() and close().
  const std::shared_ptr<RtspConnection>& connection() const { return connection_; }
  /// Of this stream.
  std::uint64_t bytes_in() const { return connection_ ? connection_->bytes_in() - bytes_before_ : 0; }
  std::uint64_t skipped() const { return connection_ ? connection_->skipped() - skipped_before_ : 0; }

  /// After TEARDOWN was sent: the connection may serve another stream. False when it is closed instead.
  bool leave();
  /// Closes this connection; connect() may follow.
  void drop();
  /// Ends everything, also a connection attempt.
  void close();

 private:
  void use(std::shared_ptr<RtspConnection> connection);
  awaitable<Result<void>> dial();
  awaitable<Result<void>> dial_again();
  proto::auth::Authenticator& auth() { return reuses_nonce_ ? *target_.memory->accepted : own_auth_; }
  proto::auth::Authenticator new_auth() const;
  bool sign(Message& m);
  void add_session(Message& m) const;
  void note_methods(const Message& answer);
  Error refusal(Errc code, const Message& answer) const;

  const Context context_;
  const RtspTarget target_;
  const std::shared_ptr<net::Abort> abort_ = std::make_shared<net::Abort>();
  PacketSink* packets_ = nullptr;
  std::function<void()> on_end_;
  std::shared_ptr<RtspConnection> connection_;
  std::uint64_t bytes_before_ = 0;
  std::uint64_t skipped_before_ = 0;
  bool reused_ = false;
  proto::auth::Authenticator own_auth_;
  bool reuses_nonce_ = false;  // another connection's
  bool nonce_is_old_ =
      false;  // this connection's, from an earlier stream: a refusal of it says nothing about the password
  bool told_credentials_ = false;
  proto::rtsp::Session session_;
};

}  // namespace dmss::session
