// Logging in over DVRIP: every variant, switched by the profile (protocol dvrip-dhip.md §2).
#include "proto/auth/hash.hpp"
#include "recorder/dvrip_connection.hpp"

namespace dmss::recorder {
namespace {

namespace dvrip = proto::dvrip;
namespace auth = proto::auth;
using dvrip::LoginVariant;

const char* name(LoginVariant v) {
  switch (v) {
    case LoginVariant::realm_request: return "realm_request";
    case LoginVariant::realm_request_old: return "realm_request_old";
    case LoginVariant::digest: return "digest";
    case LoginVariant::gen0: return "gen0";
    case LoginVariant::gen0_v2: return "gen0_v2";
    case LoginVariant::plain_short: return "plain_short";
    case LoginVariant::plain_long: return "plain_long";
    case LoginVariant::plain_random: return "plain_random";
    case LoginVariant::unknown: break;
  }
  return "unknown";
}

dvrip::Verdict verdict_of(const Judgement& j) {
  dvrip::Verdict v;
  v.b8 = j.b8;
  v.b9 = j.b9;
  if (j.kind == Judgement::Kind::wrong_password && j.tell_tries) v.tries_left = j.tries_left;
  if (j.kind == Judgement::Kind::locked) v.lock_seconds = j.lock_seconds;
  return v;
}

}  // namespace

bool DvripConnection::refuse(const Judgement& judgement) {
  dvrip::Verdict v = verdict_of(judgement);
  if (core_.faults.strikes("session_in_refusal", where("a0"))) v.session = core_.random32() | 1;
  answer("a0", dvrip::write_verdict(v));
  return !core_.faults.strikes("close_after_verdict", where("a0"));
}

bool DvripConnection::not_offered() {
  Judgement j;
  j.kind = Judgement::Kind::other;
  j.b8 = 1;
  j.b9 = core_.profile.dvrip.allows("digest") ? 0x0e : 0x13;
  return refuse(j);
}

bool DvripConnection::judge(const std::string& user, bool right) {
  const Judgement j = core_.accounts.judge("dvrip", user, right);
  if (!j.accepted()) return refuse(j);
  if (caller_.session) service_.drop_session(caller_.session->id);
  caller_.session = core_.sessions.open(user, "dvrip", link_->address());
  caller_.session->notify = caller_.notify;
  answer("a0", dvrip::write_verdict(dvrip::make_accepted(session(), core_.profile.channels)));
  return true;
}

bool DvripConnection::login(const dvrip::FrameView& frame) {
  const dvrip::LoginRequest request = dvrip::parse_login(frame);
  const Profile::Dvrip& profile = core_.profile.dvrip;
  core_.count(std::string("dvrip_login_") + name(request.variant));
  switch (request.variant) {
    case LoginVariant::realm_request:
    case LoginVariant::realm_request_old: {
      if (const auto early = core_.accounts.early("dvrip")) return refuse(*early);
      if (!profile.allows("digest")) {
        Judgement nobody;  // to an old device this is a login without a name
        nobody.kind = Judgement::Kind::unknown_user;
        nobody.b9 = 1;
        return refuse(nobody);
      }
      challenge_ = dvrip::LoginChallenge{core_.profile.realm(), std::to_string(core_.random32())};
      answer("a0", dvrip::write_challenge(*challenge_));
      return true;
    }
    case LoginVariant::digest: {
      if (!profile.allows("digest") || !challenge_) return not_offered();
      if (request.h1.empty()) return true;  // half of the answer is met with silence
      // The first half decides: clients with a wrong second half exist and get in.
      const bool right = core_.accounts.right_h2(request.user, challenge_->random, request.h2);
      challenge_.reset();
      return judge(request.user, right);
    }
    case LoginVariant::gen0:
    case LoginVariant::gen0_v2: {
      if (!profile.allows("gen0")) return not_offered();
      const std::string& user = core_.options.user;
      if (request.user_field != auth::gen0(user)) return judge("(gen0)", false);
      const auto password = core_.accounts.password(user);
      return judge(user, password && request.password_field == auth::gen0(*password));
    }
    case LoginVariant::plain_short:
    case LoginVariant::plain_long:
    case LoginVariant::plain_random: {
      if (!profile.allows("plain")) return not_offered();
      return judge(request.user, core_.accounts.right_text(request.user, request.password.reveal()));
    }
    case LoginVariant::unknown: break;
  }
  return not_offered();
}

}  // namespace dmss::recorder
