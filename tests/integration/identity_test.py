#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""Who may do what: log-in, tokens, roles, limits, and what is recorded."""

import http.client
import re
import socket
import ssl
import subprocess
import unittest

import counted
from node import BUILD, PATIENCE, PERMITTED, Node, wait_for

PASSWORD = "correct horse battery staple"


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


class identity(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.node = Node()
        cls.node.acgs("user", "add", "pat", "--role", "analyst",
                      text=PASSWORD + "\n")

    @classmethod
    def tearDownClass(cls):
        cls.node.close()

    def login(self, password=PASSWORD, user="pat"):
        return self.node.request("POST", "/auth/login",
                                 {"username": user, "password": password})

    def test_log_in_and_be_known(self):
        status, pair, _ = self.login()
        self.assertEqual(status, 200, pair)
        status, me, _ = self.node.request(
            "GET", "/auth/me", headers=bearer(pair["access_token"]))
        self.assertEqual(status, 200, me)
        self.assertIn("pat", str(me))
        self.assertIn("analyst", str(me))

    def test_a_refresh_token_counts_once(self):
        _, pair, _ = self.login()
        status, next_pair, _ = self.node.request(
            "POST", "/auth/token/refresh",
            {"refresh_token": pair["refresh_token"]})
        self.assertEqual(status, 200, next_pair)
        status, _, _ = self.node.request(
            "POST", "/auth/token/refresh",
            {"refresh_token": pair["refresh_token"]})
        self.assertEqual(status, 401)
        # Its second use gave the family away: nothing of it counts any more.
        status, _, _ = self.node.request(
            "POST", "/auth/token/refresh",
            {"refresh_token": next_pair["refresh_token"]})
        self.assertEqual(status, 401)

    def test_log_out_ends_the_token(self):
        _, pair, _ = self.login()
        mine = bearer(pair["access_token"])
        self.assertEqual(
            self.node.request("POST", "/auth/logout", {}, mine)[0], 200)
        self.assertEqual(
            self.node.request("GET", "/auth/me", headers=mine)[0], 401)

    def test_a_revoked_token_ends_at_once(self):
        made = self.node.acgs_json("token", "issue", "--role", "operator",
                                   "--subject", "ops")[0]
        mine = bearer(made["token"])
        self.assertEqual(
            self.node.request("GET", "/auth/me", headers=mine)[0], 200)
        self.node.acgs("--yes", "token", "revoke", made["id"])
        self.assertEqual(
            self.node.request("GET", "/auth/me", headers=mine)[0], 401)

    def test_no_token_speaks_for_whom_another_proof_stands(self):
        for subject in ("anonymous", "role:admin", "uid:0", "cert:admin"):
            told = self.node.acgs("token", "issue", "--role", "admin",
                                  "--subject", subject, code=2)
            self.assertIn(f'subject "{subject}" is reserved', told)
        self.assertIn('"anonymous" is reserved', self.node.acgs(
            "user", "add", "anonymous", "--role", "viewer",
            text=PASSWORD + "\n", code=2))
        self.node.acgs("user", "add", "uid:4242", "--role", "viewer")
        made = self.node.acgs_json("token", "issue", "--role", "viewer",
                                   "--subject", "uid:4242")[0]
        _, me, _ = self.node.request("GET", "/auth/me",
                                     headers=bearer(made["token"]))
        self.assertEqual(me["subject"], "uid:4242")

    def test_the_whole_log_is_not_verified_where_something_else_was_meant(self):
        viewer = self.node.token("viewer")
        for body in ({"index": -5}, {"start_event_id": "evt_-5"},
                     {"end_event_id": 7}, []):
            status, told, _ = self.node.request("POST", "/audit/verify", body,
                                                viewer)
            self.assertEqual(status, 400, told)
            self.assertIn("event", str(told))
        status, told, _ = self.node.request("POST", "/audit/verify", {}, viewer)
        self.assertEqual((status, told["verified"]), (200, True), told)

    def test_a_wrong_password_is_refused_and_recorded(self):
        status, answer, _ = self.login("wrong", "nobody-special")
        self.assertEqual(status, 401, answer)

        # A refusal does not wait for its entry, unlike a verdict.
        def recorded():
            found = self.node.acgs_json("audit", "query", "--event-type",
                                        "refused_login")
            return found if any(one["detail"]["reason"]
                                == "wrong user name or password"
                                for one in found) else None

        # The name as claimed is not in the entry: it may be a password.
        self.assertNotIn("nobody-special", str(wait_for(recorded)))
        self.assertIn("acgs_auth_failures_total",
                      self.node.request("GET", "/metrics")[1])

    def test_a_forged_token_is_refused(self):
        for token in ("x", "a.b.c", "", "eyJhbGciOiJub25lIn0.e30."):
            status, _, _ = self.node.decide(PERMITTED, bearer(token))
            self.assertEqual(status, 401, token)

    def test_a_viewer_cannot_decide_nor_change(self):
        viewer = self.node.token("viewer")
        self.assertEqual(self.node.decide(PERMITTED, viewer)[0], 403)
        self.assertEqual(
            self.node.request("POST", "/admin/clear-cache", {}, viewer)[0],
            403)

    def test_pages_of_strangers_are_kept_out(self):
        status, _, _ = self.node.decide(
            PERMITTED, {"Origin": "https://evil.example"})
        self.assertEqual(status, 403)
        status, _, _ = self.node.decide(PERMITTED, {"Host": "evil.example"})
        self.assertIn(status, (400, 403, 421))

    def test_without_a_token_one_sees_only_ones_own_entries(self):
        self.node.decide(PERMITTED, self.node.token("operator"))
        _, mine, _ = self.node.request("GET", "/audit/events?limit=1000")
        self.assertTrue(all(one["caller"]["subject"] == "anonymous"
                            for one in mine["events"]), mine)


class proving(unittest.TestCase):
    """What a node makes of its peers' certificates."""

    def failures(self):
        text = self.node.request("GET", "/metrics")[1]
        return float(re.search(r"^acgs_auth_failures_total (\S+)$", text,
                               re.MULTILINE)[1])

    def recorded(self, reason):
        """The entry about it, which a refusal does not wait for."""
        def found():
            mine = self.node.acgs_json("audit", "query", "--event-type",
                                       "refused_credential")
            return [one for one in mine if reason in one["detail"]["reason"]]
        return wait_for(found)[0]

    def require_recorded(self, reason, before):
        one = self.recorded(reason)
        self.assertEqual(one["address"], "127.0.0.1")
        self.assertTrue(one["request_id"])
        self.assertEqual(self.failures(), before + 1)
        _, listed, _ = self.node.request(
            "GET", "/audit/events?event_type=refused_credential",
            headers=self.node.token())
        self.assertIn(reason, str(listed))


class certificates(proving):
    """Who does not prove itself at the TCP port of RPC."""

    @classmethod
    def setUpClass(cls):
        cls.node = Node()
        cls.tls = cls.node.folder / "keys" / "tls"

    @classmethod
    def tearDownClass(cls):
        cls.node.close()

    def identity(self, certificates, code=0):
        """What `acgs` says over TCP with the certificate of that folder."""
        done = subprocess.run(
            [BUILD / "acgs", "--addr", f"127.0.0.1:{self.node.port('rpc')}",
             "--ca", self.tls / "ca.pem", "--cert", certificates / "admin.pem",
             "--key", certificates / "admin.key", "health"],
            env=self.node.environment, capture_output=True, text=True,
            timeout=PATIENCE)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def test_another_authority_is_refused_counted_and_recorded(self):
        before = self.failures()
        with Node() as other:
            told = self.identity(other.folder / "keys" / "tls", code=3)
        self.assertIn("may have refused the certificate", told)
        self.require_recorded("unable to get local issuer certificate",
                              before)

    def test_no_certificate_is_refused_counted_and_recorded(self):
        before = self.failures()
        context = ssl.create_default_context(cafile=self.tls / "ca.pem")
        with socket.create_connection(("127.0.0.1", self.node.port("rpc")),
                                      PATIENCE) as plain:
            with self.assertRaisesRegex(ssl.SSLError, "certificate required"):
                # By TLS 1.3 the client hears of it as it reads.
                with context.wrap_socket(
                        plain, server_hostname="localhost") as wire:
                    wire.recv(1)
        self.require_recorded("peer did not return a certificate", before)

    def test_the_right_one_passes_beside_a_silent_peer(self):
        before = self.failures()
        with socket.create_connection(("127.0.0.1", self.node.port("rpc")),
                                      PATIENCE):
            self.identity(self.tls)
        self.assertEqual(self.failures(), before)


class certificate_roles(unittest.TestCase):
    """The administrator's certificate, which the first start makes."""

    def listed(self, node, code=0):
        """What it gets where it asks for what admins alone may read."""
        tls = node.folder / "keys" / "tls"
        done = subprocess.run(
            [BUILD / "acgs", "--addr", f"127.0.0.1:{node.port('rpc')}",
             "--ca", tls / "ca.pem", "--cert", tls / "admin.pem",
             "--key", tls / "admin.key", "user", "list"],
            env=node.environment, capture_output=True, text=True,
            timeout=PATIENCE)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def test_the_user_of_its_name_gives_it_a_role_and_shuts_it_out(self):
        with Node() as node:
            self.assertIn("the role agent may not", self.listed(node, code=1))
            node.acgs("user", "add", "cert:admin", "--role", "admin")
            self.assertIn("cert:admin", self.listed(node))
            node.acgs("user", "add", "admin", "--role", "admin",
                      text="a quite long password\n")
            node.acgs("user", "revoke", "admin", "--yes")
            self.listed(node)
            node.acgs("user", "revoke", "cert:admin", "--yes")
            self.assertIn("cert:admin was revoked", self.listed(node, code=1))

    def test_the_help_says_so(self):
        with Node(start=False) as node:
            for command in ("add", "revoke"):
                self.assertIn(f"acgs user {command} cert:admin",
                              " ".join(node.acgs("user", command,
                                                 "--help").split()))


class https_node(Node):
    """A node that serves HTTPS with the certificate of another's folder, and
    takes the clients of that one's authority."""

    def __init__(self, tls):
        self.trust = ssl.create_default_context(cafile=tls / "ca.pem")
        super().__init__(
            ACGS_HTTP_TLS_CERTIFICATE=str(tls / "node.pem"),
            ACGS_HTTP_TLS_KEY=str(tls / "node.key"),
            ACGS_HTTP_TLS_CLIENT_AUTHORITY=str(tls / "ca.pem"))

    def connection(self, timeout=PATIENCE):
        return http.client.HTTPSConnection("localhost", self.port(),
                                           timeout=timeout,
                                           context=self.trust)


class https_certificates(proving):
    """Whose client certificate is wrong at the HTTPS port."""

    @classmethod
    def setUpClass(cls):
        cls.clients = Node()
        cls.tls = cls.clients.folder / "keys" / "tls"
        cls.node = https_node(cls.tls)

    @classmethod
    def tearDownClass(cls):
        cls.node.close()
        cls.clients.close()

    def curl(self, certificates, code=0):
        """What curl says with the client's certificate of that folder."""
        done = subprocess.run(
            ["curl", "--silent", "--show-error",
             "--cacert", self.tls / "ca.pem",
             "--cert", certificates / "admin.pem",
             "--key", certificates / "admin.key",
             f"https://localhost:{self.node.port()}/auth/me"],
            capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def test_another_authority_is_refused_counted_and_recorded(self):
        before = self.failures()
        told = self.curl(self.node.folder / "keys" / "tls", code=56)
        self.assertIn("unknown ca", told)
        self.require_recorded("unable to get local issuer certificate",
                              before)

    def test_a_silent_peer_holds_up_nobody_and_is_no_refusal(self):
        before = self.failures()
        with socket.create_connection(("127.0.0.1", self.node.port()),
                                      PATIENCE):
            self.assertIn("cert:admin", self.curl(self.tls))
        self.assertEqual(self.failures(), before)


class limits(unittest.TestCase):
    def test_callers_beyond_their_rate_are_told_when_to_come_back(self):
        with Node(ACGS_LIMITS_REQUESTS_PER_SECOND="1",
                  ACGS_LIMITS_BURST="20") as node:
            answers = [node.decide(PERMITTED) for _ in range(40)]
            refused = [one for one in answers if one[0] == 429]
            self.assertTrue(refused)
            self.assertGreaterEqual(int(refused[0][2]["Retry-After"]), 1)


if __name__ == "__main__":
    counted.main()
