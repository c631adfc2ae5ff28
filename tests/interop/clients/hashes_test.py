"""The clients' own hashes against published vectors: a client that hashes wrongly would prove nothing."""

import unittest

from clients import hashes


class Hashes(unittest.TestCase):
    def test_match_the_published_vectors(self):
        self.assertEqual(hashes.gen0("admin").hex(), "c4a3af489956b6b4")
        self.assertEqual(hashes.gen0("888888").hex(), "7b22257a191433e9")
        self.assertEqual(hashes.gen0("").hex(), "e07025d906056d3d")
        self.assertEqual(hashes.gen0("donotuse").hex(), "54abaeb60121d671")
        words = {"admin": "6QNMIQGe", "888888": "4WzwxXxM", "666666": "sh15yfFM", "": "tlJwpbo6", "donotuse": "ogrgKown"}
        self.assertEqual({word: hashes.gen1(word) for word in words}, words)
        realm, random = "Login to 3G0TEST0001", "1852772904"
        self.assertEqual(hashes.h2("admin", "donotuse", realm, random), "1D3FC968DF24594DEB31CED8FB5A01CB")
        self.assertEqual(hashes.h1("admin", "donotuse", random), "43512842F71FBF823BD350F282ABEE98")
        self.assertEqual(hashes.faulty_h1("donotuse"), "1B8B0EA87EE5D9FB8DC41D83CF0A1B48")
