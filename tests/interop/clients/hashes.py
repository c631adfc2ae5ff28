"""Password hashes of the private protocol, from their formulas."""

import hashlib


def upper_md5(*words):
    return hashlib.md5(":".join(words).encode()).hexdigest().upper()


def gen1(password):
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    digest = hashlib.md5(password.encode()).digest()
    return "".join(letters[(digest[2 * i] + digest[2 * i + 1]) % 62] for i in range(8))


def gen2(user, realm, password):
    return upper_md5(user, realm, password)


def h2(user, password, realm, random):
    return upper_md5(user, random, gen2(user, realm, password))


def h1(user, password, random):
    return upper_md5(user, random, gen1(password))


def faulty_h1(password):
    """What one public client sends as the second half."""
    return upper_md5(gen1(password))


IP = [58, 50, 42, 34, 26, 18, 10, 2, 60, 52, 44, 36, 28, 20, 12, 4, 62, 54, 46, 38, 30, 22, 14, 6, 64, 56, 48, 40, 32, 24, 16,
      8, 57, 49, 41, 33, 25, 17, 9, 1, 59, 51, 43, 35, 27, 19, 11, 3, 61, 53, 45, 37, 29, 21, 13, 5, 63, 55, 47, 39, 31, 23,
      15, 7]
FP = [IP.index(i + 1) + 1 for i in range(64)]
E = [(4 * (i // 6) + i % 6 - 1) % 32 + 1 for i in range(48)]
P = [16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10, 2, 8, 24, 14, 32, 27, 3, 9, 19, 13, 30, 6, 22, 11, 4, 25]
PC1 = [57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60, 52, 44, 36, 63, 55, 47,
       39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29, 21, 13, 5, 28, 20, 12, 4]
PC2 = [14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2, 41, 52, 31, 37, 47, 55, 30, 40,
       51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32]
SHIFTS = [1, 1, 2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 2, 1]
# Each box as four rows of sixteen nibbles.
S = [
    "E4D12FB83A6C5907 0F74E2D1A6CB9538 41E8D62BFC973A50 FC8249175B3EA06D",
    "F18E6B34972DC05A 3D47F28EC01A69B5 0E7BA4D158C6932F D8A13F42B67C05E9",
    "A09E63F51DC7B428 D709346A285ECBF1 D6498F30B12C5AE7 1AD069874FE3B52C",
    "7DE3069A1285BC4F D8B56F03472C1AE9 A690CB7DF13E5284 3F06A1D8945BC72E",
    "2C417AB6853FD0E9 EB2C47D150FA3986 421BAD78F9C5630E B8C71E2D6F09A453",
    "C1AF92680D34E75B AF427C9561DE0B38 9EF528C3704A1DB6 432C95FABE17608D",
    "4B2EF08D3C975A61 D0B7491AE35C2F86 14BDC37EAF680592 6BD814A7950FE23C",
    "D2846FB1A93E50C7 1FD8A374C56B0E92 7B419CE206ADF358 21E74A8DFC90356B",
]
S = [[int(nibble, 16) for nibble in box.replace(" ", "")] for box in S]


def bits(data):
    return [byte >> i & 1 for byte in data for i in range(8)]


def pick(source, table):
    return [source[i - 1] for i in table]


def round_keys(key):
    left, right = pick(bits(key), PC1)[:28], pick(bits(key), PC1)[28:]
    keys = []
    for shift in SHIFTS:
        left, right = left[shift:] + left[:shift], right[shift:] + right[:shift]
        keys.append(pick(left + right, PC2))
    return keys


def des(block, keys):
    """DES of bits but for the nibble that a box gives: it is taken least significant bit first."""
    block = pick(block, IP)
    left, right = block[:32], block[32:]
    for key in keys:
        mixed = [a ^ b for a, b in zip(pick(right, E), key)]
        out = []
        for i, box in enumerate(S):
            b = mixed[6 * i : 6 * i + 6]
            nibble = box[(b[0] * 2 + b[5]) * 16 + b[1] * 8 + b[2] * 4 + b[3] * 2 + b[4]]
            out += [nibble >> k & 1 for k in range(4)]
        left, right = right, [a ^ b for a, b in zip(left, pick(out, P))]
    return pick(right + left, FP)


def gen0(word):
    key = b"poiuytrewq".ljust(16, b"\0")
    first, second = round_keys(key[:8]), round_keys(key[8:])
    block = bits(word.encode()[:8].ljust(8, b"\0"))
    block = pick(des(des(des(block, first), second[::-1]), first), IP)
    block = pick(block[32:] + block[:32], FP)  # the published vectors need the halves as they were before the last swap
    return bytes(sum(block[8 * i + k] << k for k in range(8)) for i in range(8))
