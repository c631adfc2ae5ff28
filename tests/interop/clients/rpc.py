"""What JSON-RPC is over DHIP and over HTTP alike: the two-step login and matching of answers."""

from clients import hashes
from clients.wire import PASSWORD, USER

CHALLENGE, WRONG, LOCKED, NO_SESSION = (268632079, 401), 268632085, 268632081, (287637504, 287637505)
NO_SERVICE, PARSE, INVALID, NO_METHOD, BAD_PARAMETER = 268632064, 268894208, 268894209, 268894210, 268894211
NO_CONFIG = (268959743, 285278249)


def code(reply):
    return reply["error"]["code"]


class Rpc:
    """Needs `transact(call)`: sends one call and gives its answer."""

    def __init__(self):
        self.id, self.session = 0, 0

    def call(self, method, params=None, **members):
        self.id += 1
        return self.transact({"id": self.id, "method": method, "params": params, "session": self.session, **members})

    def challenge(self, user=USER):
        params = {"userName": user, "password": "", "clientType": "Web3.0", "loginType": "Direct"}
        reply = self.call("global.login", params)
        assert reply["result"] is False and code(reply) in CHALLENGE, reply
        return reply

    def login(self, user=USER, password=PASSWORD, **more):
        first = self.challenge(user)
        asked = first["params"]
        assert asked["encryption"] == "Default", asked
        self.session = first["session"]
        params = {"userName": user, "password": hashes.h2(user, password, asked["realm"], asked["random"]),
                  "clientType": "Web3.0", "loginType": "Direct", "authorityType": asked["encryption"], **more}
        reply = self.call("global.login", params)
        if reply["result"]:
            self.session = reply["session"]
        return reply
