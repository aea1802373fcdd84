#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""Tests bundles in the program rego: build, sign, and reading them with -b.

usage: tests/cli_bundle_test.py PROGRAM

example: tests/cli_bundle_test.py build/rego
"""

import io
import json
import subprocess
import tarfile

import cli_test


class with_bundles(cli_test.with_files):
    def done(self, *args, code=0):
        found, out, err = self.run_in(*args)
        self.assertEqual(found, code, out + err)
        return out if code == 0 else err

    def folder_bundle(self, name="b", root="authz", limit=1):
        (self.root / name / root).mkdir(parents=True)
        self.write(f"{name}/.manifest",
                   json.dumps({"revision": "7", "roots": [root]}))
        self.write(f"{name}/{root}/main.rego",
                   f"package {root}.main\n\np := data.{root}.limit\n\n"
                   f"test_p if p == {limit}\n")
        self.write(f"{name}/{root}/data.json", json.dumps({"limit": limit}))
        return name

    def content(self, path="bundle.tar.gz"):
        with tarfile.open(self.root / path) as archive:
            return {each.name: archive.extractfile(each).read().decode()
                    for each in archive}

    def value(self, query, *paths):
        args = [part for path in paths for part in ("-b", path)]
        return json.loads(self.done("eval", *args, "-f", "raw", query))


class bundles(with_bundles):
    def test_files_become_a_bundle_of_everything(self):
        (self.root / "sub").mkdir()
        self.write("sub/x.json", '{"y": 2}')
        self.done("build", ".", "--ignore", "*_test.rego", "-r", "1.2")
        found = self.content()
        self.assertEqual(set(found), {"/.manifest", "/data.json", "/p.rego"})
        self.assertEqual(json.loads(found["/data.json"]),
                         {"users": ["ann"], "sub": {"y": 2}})
        self.assertEqual(json.loads(found["/.manifest"]),
                         {"revision": "1.2", "roots": [""], "rego_version": 1})
        self.assertEqual(self.value("data.sub.y", "bundle.tar.gz"), 2)

    def test_the_same_files_give_the_same_bytes(self):
        self.done("build", "p.rego", "-o", "1.tar.gz")
        self.done("build", "p.rego", "--output", "2.tar.gz")
        self.assertEqual((self.root / "1.tar.gz").read_bytes(),
                         (self.root / "2.tar.gz").read_bytes())

    def test_policies_lie_where_they_were_named_and_never_outside(self):
        (self.root / "in").mkdir()
        found, _, err = cli_test.rego("build", "../p.rego",
                                      cwd=self.root / "in")
        self.assertEqual(found, 0, err)
        self.assertIn("/p.rego", self.content("in/bundle.tar.gz"))
        self.done("build", str(self.root / "p.rego"))
        self.assertIn(str(self.root / "p.rego"), self.content())

    def test_a_bundle_keeps_its_manifest(self):
        self.done("build", "-b", self.folder_bundle())
        about = json.loads(self.content()["/.manifest"])
        self.assertEqual((about["revision"], about["roots"]), ("7", ["authz"]))
        self.assertEqual(self.value("data.authz.main.p", "bundle.tar.gz"), 1)
        self.done("build", "-b", "bundle.tar.gz", "-r", "8", "-o", "2.tar.gz")
        about = json.loads(self.content("2.tar.gz")["/.manifest"])
        self.assertEqual((about["revision"], about["roots"]), ("8", ["authz"]))

    def test_several_bundles_become_one(self):
        one = self.folder_bundle("one", "authz", 1)
        two = self.folder_bundle("two", "limits", 2)
        self.done("build", "-b", one, two)
        self.assertEqual(
            json.loads(self.content()["/.manifest"])["roots"],
            ["authz", "limits"])
        self.assertEqual(
            self.value("data.authz.main.p + data.limits.main.p",
                       "bundle.tar.gz"), 3)
        again = self.folder_bundle("again", "authz", 3)
        self.assertIn("root 'authz' overlaps root 'authz'",
                      self.done("build", "-b", one, again, code=1))

    def test_policies_of_both_versions_stay_what_they_are(self):
        (self.root / "old").mkdir()
        self.write("old/.manifest", '{"roots": ["o"], "rego_version": 0}')
        self.write("old/o.rego", "package o\np { true }\n")
        self.done("build", "-b", "old")
        about = json.loads(self.content()["/.manifest"])
        self.assertEqual(about["file_rego_versions"], {"/o.rego": 0})
        self.assertIs(self.value("data.o.p", "bundle.tar.gz"), True)
        self.done("build", "-b", "old", "--v0-compatible")
        self.assertEqual(json.loads(self.content()["/.manifest"]),
                         {"revision": "", "roots": ["o"], "rego_version": 0})

    def test_what_is_not_right_is_not_built(self):
        self.write("bad.rego", "package bad\np if x\n")
        self.assertIn("rego_unsafe_var_error",
                      self.done("build", "bad.rego", code=1))
        self.assertIn("no such file", self.done("build", "none", code=2))
        self.assertIn("cannot write", self.done(
            "build", "p.rego", "-o", "no/b.tar.gz", code=2))
        self.assertFalse((self.root / "bundle.tar.gz").exists())
        self.done("build", code=2)
        self.done("build", "p.rego", "--optimize", "1", code=2)

    def test_eval_and_test_read_archives(self):
        self.done("build", "-b", self.folder_bundle())
        out = self.done("test", "-b", "bundle.tar.gz", "-v")
        self.assertIn("bundle.tar.gz/authz/main.rego", out)
        self.assertIn("PASS: 1/1", out)
        self.done("check", "-b", "bundle.tar.gz")
        self.assertEqual(self.run_in(
            "run", "-b", "bundle.tar.gz", stdin="data.authz.main.p\n")[1],
            "1\n")
        self.assertIn("p99_ns", self.done(
            "bench", "-b", "bundle.tar.gz", "data.authz.main.p"))
        self.assertIn("overlaps", self.run_in(
            "eval", "-b", "bundle.tar.gz", "-b", "b", "1")[1])

    def test_hostile_archives_are_refused(self):
        with tarfile.open(self.root / "h.tar.gz", "w:gz") as out:
            entry = tarfile.TarInfo("../x.rego")
            entry.size = 9
            out.addfile(entry, io.BytesIO(b"package x"))
        self.assertIn("h.tar.gz", self.done("test", "-b", "h.tar.gz", code=2))
        (self.root / "cut.tar.gz").write_bytes(b"\x1f\x8b\x08")
        self.done("test", "-b", "cut.tar.gz", code=2)
        self.done("build", "-b", "cut.tar.gz", code=2)

    def test_a_delta_is_no_bundle_by_itself(self):
        (self.root / "d").mkdir()
        self.write("d/.manifest", '{"roots": ["a"]}')
        self.write("d/patch.json", '{"data": [{"op": "upsert", "path": "a/b",'
                                   ' "value": 1}]}')
        self.assertIn("delta", self.done("build", "-b", "d", code=1))
        self.assertIn("delta", self.done("test", "-b", "d", code=2))


class signatures(with_bundles):
    def signed(self, *more):
        self.done("build", "-b", self.folder_bundle(), "--signing-key",
                  "secret", "--signing-alg", "HS256", *more)

    def rebuild(self, *more, code=0):
        return self.done("build", "-b", "bundle.tar.gz", "-o", "again.tar.gz",
                         "--signing-alg", "HS256", *more, code=code)

    def test_are_made_and_asked_for(self):
        self.signed()
        self.assertIn("/.signatures.json", self.content())
        self.rebuild("--verification-key", "secret")
        self.assertNotIn("/.signatures.json", self.content("again.tar.gz"))
        self.assertIn("does not hold", self.rebuild(
            "--verification-key", "other", code=1))
        self.assertIn("--verification-key names", self.rebuild(code=2))
        # As in OPA, eval and test do not ask.
        self.assertEqual(self.value("data.authz.main.p", "bundle.tar.gz"), 1)

    def test_have_scope_and_key_as_claims_say(self):
        self.write("claims.json", '{"keyid": "release", "scope": "prod"}')
        self.signed("--claims-file", "claims.json")
        key = ("--verification-key", "secret", "--verification-key-id",
               "release")
        self.rebuild(*key, "--scope", "prod")
        self.assertIn("scope", self.rebuild(*key, "--scope", "test", code=1))

    def test_a_folder_is_signed_in_place(self):
        for made in (["genrsa", "-out", "key.pem", "2048"],
                     ["rsa", "-in", "key.pem", "-pubout", "-out",
                      "public.pem"]):
            subprocess.run(["openssl", *made], cwd=self.root, check=True,
                           capture_output=True)
        folder = self.folder_bundle()
        self.done("sign", "-b", "--signing-key", "key.pem", "-o", folder,
                  folder)
        self.done("build", "-b", folder, "--verification-key", "public.pem")
        self.write(folder + "/authz/data.json", '{"limit": 2}')
        self.assertIn("its digest is", self.done(
            "build", "-b", folder, "--verification-key", "public.pem",
            code=1))
        self.done("sign", "-b", "--signing-key", "no.pem", folder, code=2)
        self.done("sign", "--signing-key", "key.pem", folder, code=2)
        self.done("sign", "-b", folder, code=2)


if __name__ == "__main__":
    cli_test.main(__doc__)
