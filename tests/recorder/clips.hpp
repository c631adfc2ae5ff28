// Clips: the coded pictures and sound that the recorder plays, encoded once with the `ffmpeg` program and
// kept on disk. Every picture carries the stamp of its channel and its place in the loop (media/stamp).
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "dmss/media.hpp"
#include "dmss/result.hpp"
#include "recorder/profile.hpp"

namespace dmss::recorder {

/// What one clip is; its file name is made of this.
struct ClipSpec {
  int channel = 1;
  Codec codec = Codec::h264;  // h264, h265, mjpeg
  int width = 704, height = 576, fps = 15, kbps = 512;
  int pictures = 30;  // the length of the loop
  int gop = 30;

  std::string file_name() const;
};

struct Clip {
  ClipSpec spec;
  struct Picture {
    std::size_t offset = 0, size = 0;
    bool key = false;
  };
  Bytes bytes;  // Annex-B without access unit delimiters
  std::vector<Picture> pictures;

  ByteView picture(std::size_t i) const {
    return ByteView(bytes).subspan(pictures[i].offset, pictures[i].size);
  }
};

/// Sound in packets of equal length.
struct Sound {
  Codec codec = Codec::pcm_alaw;
  int sample_rate = 8000;
  int samples = 320;  // of one packet
  std::vector<Bytes> packets;
};

class Clips {
 public:
  Clips(const Profile& profile, std::filesystem::path dir);

  /// Encodes what is missing; several processes may do so at a time. Errors: device_error.
  Result<void> prepare();

  static ClipSpec spec_of(const Profile& profile, int channel, int subtype);
  bool there(const ClipSpec& spec) const;
  /// From any thread. Errors: device_error.
  Result<void> make(const ClipSpec& spec) const;
  /// Never null: an unreadable file gives an empty clip.
  std::shared_ptr<const Clip> load(const ClipSpec& spec);
  /// The same channel in another size, for a change in mid-stream.
  std::shared_ptr<const Clip> other_size(int channel);
  /// The same channel in another codec.
  std::shared_ptr<const Clip> other_codec(int channel, int subtype);
  /// AAC or G.711 A-law.
  std::shared_ptr<const Sound> sound(Codec codec);
  /// A JPEG picture.
  Bytes snapshot(int channel);

  static std::vector<ClipSpec> specs_of(const Profile& profile);

 private:
  const Profile& profile_;
  std::filesystem::path dir_;
  std::map<std::string, std::shared_ptr<const Clip>> loaded_;
  std::map<Codec, std::shared_ptr<const Sound>> sounds_;
};

/// Cuts an elementary stream at its access unit delimiters, which are left out.
Clip split_clip(const ClipSpec& spec, ByteView stream);

}  // namespace dmss::recorder
