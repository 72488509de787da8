"""An independent verifier of Concordat's records, written from lib/ledger/FORMAT.md with the standard library alone.

It shares no code with the program and exists to disagree with it. Commands:

    concordat.py freeze                      one JSON object {"text", "place"} a line in, one {"sha256", "clauses"} a line out
    concordat.py statements                  one statement as a JSON string a line in, its hash and fields a line out
    concordat.py verify RECEIPT [POLICY]     one sentence, and the exit code of FORMAT.md part 9
    concordat.py judge FOLDER                the name and exit code of every bundle in the folder
    concordat.py promises FOLDER             the same for sealed receipts, each beside a later log
"""

import base64
import datetime
import hashlib
import hmac
import json
import os
import re
import sys
import unicodedata


class Invalid(Exception):
    """What was read is not what it claims to be; the message is one sentence."""


def need(condition, sentence):
    if not condition:
        raise Invalid(sentence)


# Canonical JSON (RFC 8785, without fractions, which the format never uses)


def jcs(value, depth=0):
    need(depth < 64, "Nested too deep.")
    if value is None:
        return "null"
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, str):
        value.encode("utf-8")  # fails on half of a surrogate pair
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int):
        need(abs(value) < 2**53, "A number is too large.")
        return str(value)
    if isinstance(value, list):
        return "[" + ",".join(jcs(member, depth + 1) for member in value) + "]"
    need(isinstance(value, dict), "JSON has no such value.")
    keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
    return "{" + ",".join(jcs(key) + ":" + jcs(value[key], depth + 1) for key in keys) + "}"


def jcs_bytes(value):
    return jcs(value).encode("utf-8")


def read_jcs(data):
    try:
        value = json.loads(data.decode("utf-8"))
        same = jcs_bytes(value) == data
    except (ValueError, RecursionError, UnicodeError) as error:
        raise Invalid("Not canonical JSON.") from error
    need(same, "Not canonical JSON.")
    return value


def sha256(data):
    return hashlib.sha256(data).digest()


def text_hash(text):
    return sha256(text.encode("utf-8")).hex()


def from_base64(text):
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise Invalid("Not base64.") from error
    need(base64.b64encode(data).decode() == text, "Not canonical base64.")
    return data


# Charter versions


def letters(count):
    return (letters((count - 1) // 26) if count > 26 else "") + chr(65 + (count - 1) % 26)


def numbers(clauses):
    """The number of each clause, from kinds and levels alone."""
    found, sections, annexes, prefix, counts = [], 0, 0, "", []
    for clause in clauses:
        kind = clause["kind"]
        if kind == "preamble":
            found.append("")
        elif kind == "annex":
            annexes += 1
            prefix, counts = letters(annexes), []
            found.append(prefix)
        elif kind in ("section", "final"):
            if sections == 0 and prefix == "" and counts:
                sections = counts[0]
            sections += 1
            prefix, counts = str(sections), []
            found.append(prefix)
        else:
            depth = min(max(clause["level"], 1), len(counts) + 1)
            counts = counts[:depth] if len(counts) >= depth else counts + [0]
            counts[depth - 1] += 1
            found.append(".".join(([prefix] if prefix else []) + [str(count) for count in counts]))
    return found


def freeze(text, place):
    clauses = [
        {key: clause[key] for key in ("id", "kind", "heading", "body")} | {"number": number}
        for clause, number in zip(text["clauses"], numbers(text["clauses"]))
    ]
    return {
        "type": "concordat/charter-version/v1",
        "charter": place["charterId"],
        "version": place["version"],
        "previous": place["previous"],
        "title": text["title"],
        "language": text["language"],
        "clauses": clauses,
    }


def is_clean(text, lines):
    """The character rules, without the refinement that lets some scripts use joiners: those are let through here."""
    if unicodedata.normalize("NFC", text) != text:
        return False
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        marks = marks + 1 if category[0] == "M" else 0
        if character == "\n" and lines or character in "\u200c\u200d":
            continue
        if category in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") or character in "\u3164\u115f\u1160\uffa0\u034f\u2800" or marks > 4:
            return False
    return True


def read_version(version):
    keys(version, "type charter version previous title language clauses")
    need(version["type"] == "concordat/charter-version/v1", "Not a charter version.")
    need(isinstance(version["version"], int) and version["version"] >= 1, "Not a charter version.")
    need(is_clean(version["title"], False), "A refused character.")
    inside, plain = False, []
    for clause in version["clauses"]:
        keys(clause, "id kind number heading body")
        need(re.fullmatch("[a-z0-9]{12}", clause["id"]), "Not a clause id.")
        need(is_clean(clause["heading"], False), "A refused character.")
        for block in clause["body"]:
            keys(block, "kind text" if block.get("kind") == "p" else "kind level text")
            need(is_clean(block["text"], True), "A refused character.")
        inside = inside or clause["kind"] in ("section", "final", "annex")
        plain.append(clause | {"level": len(clause["number"].split(".")) - inside})
    need(len({clause["id"] for clause in plain}) == len(plain), "Two clauses have one id.")
    need(numbers(plain) == [clause["number"] for clause in plain], "The clauses are not numbered as they stand.")


def keys(value, names):
    need(isinstance(value, dict) and set(value) == set(names.split()), "Missing or unknown keys.")


# Statements

HASH, UUID, INSTANT = "[0-9a-f]{64}", "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
LINES = [
    ("action", "sign|retract|withdraw|revoke-withdrawal|narrow-reservation|reaffirm|endorse-correction"),
    ("charter", UUID),
    ("charter-title", ".+"),
    ("version", r"[1-9]\d*"),
    ("version-sha256", HASH),
    ("organization", UUID),
    ("organization-name", ".+"),
    ("organization-domain", "[a-z0-9.-]+"),
    ("organization-key", f"{HASH}|-"),
    ("officer-title", ".+"),
    ("officer-commitment", HASH),
    ("mandate", f"{UUID} {INSTANT} (?:{INSTANT}|-)"),
    ("scope", f"whole|reserved [a-z0-9]{{12}} {HASH}"),
    ("declaration-sha256", f"{HASH}|-"),
    ("reason-sha256", HASH),
    ("appearance-sha256", HASH),
    ("publish-not-before", f"{INSTANT}|-"),
    ("expires", INSTANT),
    ("log", r"\S+ (?:0|[1-9]\d*) [A-Za-z0-9+/]{43}="),
    ("nonce", "[0-9a-f]{32}"),
]


def read_statement(text):
    need(text.endswith("\n") and is_clean(text, True), "Not a statement.")
    first, *lines = text[:-1].split("\n")
    need(first.endswith("/statement/v1"), "Not a statement.")
    read = {"origin": first[: -len("/statement/v1")], "reservations": []}
    for key, pattern in LINES:
        if key == "reason-sha256" and not (lines and lines[0].startswith("reason-sha256 ")):
            continue
        repeats = True
        while repeats:
            need(lines and lines[0].startswith(key + " "), "Not a statement.")
            value = lines.pop(0)[len(key) + 1 :]
            need(re.fullmatch(pattern, value), "Not a statement.")
            read[key] = value
            if value.startswith("reserved ") and key == "scope":
                _, clause, digest = value.split(" ")
                read["reservations"].append({"clauseId": clause, "sha256": digest})
            repeats = key == "scope" and value != "whole" and bool(lines) and lines[0].startswith("scope ")
    need(not lines, "Not a statement.")
    named = [reserved["clauseId"] for reserved in read["reservations"]]
    need(named == sorted(set(named)), "Not a statement.")
    for instant in re.findall(INSTANT, text):
        need(instant_exists(instant), "Not a statement.")
    return read


def instant_exists(text):
    try:
        datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ")
        return True
    except ValueError:
        return False


# Ed25519 (RFC 8032) and ECDSA on P-256, for verification only

ED_P = 2**255 - 19
ED_L = 2**252 + 27742317777372353535851937790883648493
ED_D = -121665 * pow(121666, -1, ED_P) % ED_P


def ed_add(a, b):
    x1, y1, z1, t1 = a
    x2, y2, z2, t2 = b
    e, f = (y1 - x1) * (y2 - x2) % ED_P, (y1 + x1) * (y2 + x2) % ED_P
    g, h = 2 * t1 * t2 * ED_D % ED_P, 2 * z1 * z2 % ED_P
    e, f, g, h = f - e, h - g, h + g, f + e
    return e * f % ED_P, g * h % ED_P, f * g % ED_P, e * h % ED_P


def ed_multiply(scalar, point):
    total = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = ed_add(total, point)
        point = ed_add(point, point)
        scalar >>= 1
    return total


def ed_decode(data):
    sign, y = data[31] >> 7, int.from_bytes(data, "little") & (2**255 - 1)
    need(y < ED_P, "Not a point.")
    square = (y * y - 1) * pow(ED_D * y * y + 1, -1, ED_P) % ED_P
    x = pow(square, (ED_P + 3) // 8, ED_P)
    if (x * x - square) % ED_P:
        x = x * pow(2, (ED_P - 1) // 4, ED_P) % ED_P
    need((x * x - square) % ED_P == 0 and not (x == 0 and sign), "Not a point.")
    x = ED_P - x if x & 1 != sign else x
    return x, y, 1, x * y % ED_P


def ed_equal(a, b):
    return (a[0] * b[2] - b[0] * a[2]) % ED_P == 0 and (a[1] * b[2] - b[1] * a[2]) % ED_P == 0


def ed25519_holds(public, message, signature):
    if len(public) != 32 or len(signature) != 64:
        return False
    try:
        key, commitment = ed_decode(public), ed_decode(signature[:32])
    except Invalid:
        return False
    scalar = int.from_bytes(signature[32:], "little")
    if scalar >= ED_L or ed_equal(ed_multiply(8, key), (0, 1, 1, 0)):
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ED_L
    return ed_equal(ed_multiply(scalar, ED_BASE), ed_add(commitment, ed_multiply(challenge, key)))


ED_BASE = ed_decode((4 * pow(5, -1, ED_P) % ED_P).to_bytes(32, "little"))

EC_P = 2**256 - 2**224 + 2**192 + 2**96 - 1
EC_N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
EC_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
EC_G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)


def ec_add(a, b):
    if a is None or b is None:
        return a or b
    if a[0] == b[0] and (a[1] + b[1]) % EC_P == 0:
        return None
    if a == b:
        slope = (3 * a[0] * a[0] - 3) * pow(2 * a[1], -1, EC_P)
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, EC_P)
    x = (slope * slope - a[0] - b[0]) % EC_P
    return x, (slope * (a[0] - x) - a[1]) % EC_P


def ec_multiply(scalar, point):
    total = None
    while scalar:
        if scalar & 1:
            total = ec_add(total, point)
        point = ec_add(point, point)
        scalar >>= 1
    return total


def read_der(signature):
    """The two integers of an ECDSA signature, in the one DER spelling."""
    need(len(signature) < 128 + 2 and signature[:1] == b"\x30" and signature[1] == len(signature) - 2, "Not a signature.")
    rest, values = signature[2:], []
    for _ in range(2):
        need(len(rest) > 2 and rest[0] == 2 and 0 < rest[1] <= len(rest) - 2, "Not a signature.")
        digits, rest = rest[2 : 2 + rest[1]], rest[2 + rest[1] :]
        need(digits[0] < 128 and not (len(digits) > 1 and digits[0] == 0 and digits[1] < 128), "Not a signature.")
        values.append(int.from_bytes(digits, "big"))
    need(not rest, "Not a signature.")
    return values


def p256_holds(public, message, signature):
    point = int.from_bytes(public[1:33], "big"), int.from_bytes(public[33:], "big")
    if len(public) != 65 or public[0] != 4 or max(point) >= EC_P:
        return False
    if (point[1] ** 2 - point[0] ** 3 + 3 * point[0] - EC_B) % EC_P:
        return False
    try:
        r, s = read_der(signature)
    except (Invalid, IndexError):
        return False
    if not (0 < r < EC_N and 0 < s < EC_N):
        return False
    digest, inverse = int.from_bytes(sha256(message), "big"), pow(s, -1, EC_N)
    found = ec_add(ec_multiply(digest * inverse % EC_N, EC_G), ec_multiply(r * inverse % EC_N, point))
    return found is not None and found[0] % EC_N == r


P256_PREFIX = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")
ED25519_PREFIX = bytes.fromhex("302a300506032b6570032100")


def key_holds(spki, message, signature):
    if spki.startswith(ED25519_PREFIX) and len(spki) == 44:
        return ed25519_holds(spki[12:], message, signature)
    need(spki.startswith(P256_PREFIX) and len(spki) == 91, "Not a key.")
    return p256_holds(spki[26:], message, signature)


# Notes, checkpoints, proofs


def read_vkey(text):
    name, number, encoded = text.split("+", 2)
    data = from_base64(encoded)
    need(len(data) == 33 and data[0] in (1, 4), "Not a note key.")
    need(sha256(name.encode() + b"\n" + data)[:4].hex() == number, "Not a note key.")
    return name, number, data[0], data[1:]


def read_note(note):
    end = note.rfind("\n\n")
    need(end > 0 and note.endswith("\n"), "Not a signed note.")
    need(not any(ord(character) < 32 and character != "\n" for character in note), "Not a signed note.")
    text, signatures = note[: end + 1], {}
    for line in note[end + 2 : -1].split("\n"):
        words = line.split(" ")
        need(len(words) == 3 and words[0] == "—", "Not a signed note.")
        data = from_base64(words[2])
        place = words[1], data[:4].hex()
        need(len(data) > 4 and place not in signatures, "Not a signed note.")
        signatures[place] = data[4:]
    need(len(signatures) <= 16, "Not a signed note.")
    return text, signatures


def open_note(note, vkey):
    name, number, kind, public = read_vkey(vkey)
    text, signatures = read_note(note)
    signature = signatures.get((name, number))
    need(kind == 1 and signature is not None, "The note is not signed by that key.")
    need(ed25519_holds(public, text.encode("utf-8"), signature), "The signature of the note is wrong.")
    return text


def is_cosigned(note, vkey):
    name, number, kind, public = read_vkey(vkey)
    text, signatures = read_note(note)
    signature = signatures.get((name, number))
    if signature is None or kind != 4:
        return False
    time = int.from_bytes(signature[:8], "big")
    message = f"cosignature/v1\ntime {time}\n{text}".encode("utf-8")
    need(ed25519_holds(public, message, signature[8:]), "A cosignature is wrong.")
    return True


def root_by_inclusion(leaf, index, size, hashes):
    """RFC 9162 section 2.1.3.2; None when the proof has the wrong length."""
    position, last, root = index, size - 1, leaf
    for sibling in hashes:
        if last == 0:
            return None
        if position & 1 or position == last:
            root = sha256(b"\x01" + sibling + root)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            root = sha256(b"\x01" + root + sibling)
        position, last = position >> 1, last >> 1
    return root if last == 0 else None


def is_prefix(earlier, later, earlier_root, later_root, hashes):
    """RFC 9162 section 2.1.4.2."""
    if not 0 < earlier <= later:
        return False
    if earlier == later:
        return not hashes and earlier_root == later_root
    if earlier & (earlier - 1) == 0:
        hashes = [earlier_root] + hashes
    if not hashes:
        return False
    position, last = earlier - 1, later - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old = new = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old, new = sha256(b"\x01" + sibling + old), sha256(b"\x01" + sibling + new)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            new = sha256(b"\x01" + new + sibling)
        position, last = position >> 1, last >> 1
    return old == earlier_root and new == later_root and last == 0


def read_proof(text):
    head, _, checkpoint = text.partition("\n\n")
    first, index, *hashes = head.split("\n") + [""] if "\n" not in head else head.split("\n")
    need(first == "c2sp.org/tlog-proof@v1" and re.fullmatch(r"index (0|[1-9]\d{0,15})", index), "Not a proof.")
    hashes = [from_base64(line) for line in hashes]
    need(len(hashes) <= 63 and all(len(data) == 32 for data in hashes), "Not a proof.")
    return int(index[6:]), hashes, checkpoint


# Receipts


class Receipt:
    def __init__(self, data, policy):
        self.receipt, self.policy = read_jcs(data), policy
        keys(self.receipt, "type log version statement evidence act key later texts consistency officer")
        need(self.receipt["type"] == "concordat/receipt/v1", "Not a receipt.")

    def verdict(self):
        act = self.receipt["act"]["entry"]
        statement = read_statement(self.receipt["statement"])
        self.check_words(act, statement)
        self.check_evidence(act, statement)
        self.check_log(act, statement)
        later = [self.logged(logged) for logged in self.receipt["later"]]
        need(later == sorted(set(later)) and all(index > self.index for index in later), "Later entries out of order.")
        for logged in self.receipt["later"]:
            check_later(logged["entry"], act)
        # That the key was revoked or vouched for afterwards changes nothing about what it signed.
        is_changed = any(changes_meaning(logged["entry"]) for logged in self.receipt["later"])
        return self.grade(act, is_changed)

    def check_words(self, act, statement):
        version = self.receipt["version"]
        read_version(version)
        need(sha256(jcs_bytes(version)).hex() == statement["version-sha256"], "Not the text that was signed.")
        need(act["type"] == "act" and act["v"] == 1 and act["by"] == "organization", "Not the organization's act.")
        appearance = {"country": act["country"], "class": act["class"], "sector": act["sector"]}
        same = [
            (act["charterId"], statement["charter"]),
            (version["charter"], statement["charter"]),
            (version["title"], statement["charter-title"]),
            (str(act["version"]), statement["version"]),
            (str(version["version"]), statement["version"]),
            (act["versionSha256"], statement["version-sha256"]),
            (act["kind"], statement["action"]),
            (act["organizationId"], statement["organization"]),
            (act["legalName"], statement["organization-name"]),
            (act["domain"], statement["organization-domain"]),
            (act["key"] or "-", statement["organization-key"]),
            (act["officerTitle"], statement["officer-title"]),
            (act["officerCommitment"], statement["officer-commitment"]),
            (act["reservations"], statement["reservations"]),
            (act["declarationSha256"] or "-", statement["declaration-sha256"]),
            (text_hash(jcs(appearance | {"statement": act["appearanceStatement"]})), statement["appearance-sha256"]),
            (act["statementSha256"], text_hash(self.receipt["statement"])),
            (act["evidenceSha256"], text_hash(jcs(self.receipt["evidence"]))),
            (act["evidenceClass"], self.receipt["evidence"]["class"]),
        ]
        need(all(left == right for left, right in same), "The log holds something other than what was signed.")
        if "reason-sha256" in statement:
            need(act["reason"] and text_hash(act["reason"]) == statement["reason-sha256"], "Another reason.")
        clauses = {clause["id"] for clause in version["clauses"]}
        need(all(reserved["clauseId"] in clauses for reserved in act["reservations"]), "A reservation to no clause.")
        _, since, until = statement["mandate"].split(" ")
        need(since <= act["signedAt"] and (until == "-" or act["signedAt"] <= until), "No mandate.")
        need(act["signedAt"] <= statement["expires"] and act["signedAt"] <= act["publishedAt"], "Wrong times.")
        embargo = statement["publish-not-before"]
        need(embargo == "-" or embargo <= act["publishedAt"], "Published too early.")
        signed = {reserved["sha256"] for reserved in act["reservations"]} | {act["declarationSha256"]}
        need(all(text_hash(text) in signed for text in self.receipt["texts"]), "Not the words that were signed.")
        officer = self.receipt["officer"]
        if officer is not None:
            keys(officer, "name salt")
            named = hmac.new(from_base64(officer["salt"]), jcs_bytes({"name": officer["name"]}), "sha256").hexdigest()
            need(named == act["officerCommitment"], "Another officer.")

    def check_evidence(self, act, statement):
        evidence, text = self.receipt["evidence"], self.receipt["statement"]
        if evidence["class"] == "A":
            check_passkey(evidence, text)
        elif evidence["class"] == "A'":
            spki = from_base64(evidence["spki"])
            need(spki.startswith(ED25519_PREFIX) and len(spki) == 44, "Not an Ed25519 key.")
            public = b"\x01" + spki[12:]
            number = sha256(act["organizationId"].encode() + b"\n" + public)[:4].hex()
            vkey = f"{act['organizationId']}+{number}+{base64.b64encode(public).decode()}"
            need(open_note(evidence["note"], vkey) == text, "Another statement.")
        elif evidence["class"] == "B":
            need(evidence["keeper"].startswith(statement["origin"] + "/keeper+"), "Not the keeper.")
            need(open_note(evidence["note"], evidence["keeper"]) == text, "Another statement.")
        else:
            need(evidence["class"] == "C", "No such class of evidence.")
        key = sha256(from_base64(evidence["spki"])).hex() if "spki" in evidence else None
        need(key == act["key"], "Another key.")

    def check_log(self, act, statement):
        vkey = self.receipt["log"]
        need(self.policy is None or vkey in self.policy["logs"], "The policy does not name this log.")
        self.note = read_proof(self.receipt["act"]["proof"])[2]
        text = open_note(self.note, vkey)
        self.origin, size, root = text[:-1].split("\n")
        need(re.fullmatch(r"0|[1-9]\d{0,15}", size) and self.origin == vkey.split("+")[0], "Not a checkpoint.")
        self.size, self.root = int(size), from_base64(root)
        self.index = self.logged(self.receipt["act"])
        seen_origin, seen_size, seen_root = statement["log"].split(" ")
        need(seen_origin == self.origin == statement["origin"], "The statement is for another log.")
        need(int(seen_size) <= self.index, "The act stands before the log that its officer saw.")
        hashes = [from_base64(line) for line in self.receipt["consistency"]]
        if int(seen_size) == 0:
            need(not hashes, "Not the log that the officer saw.")
        else:
            prefix = is_prefix(int(seen_size), self.size, from_base64(seen_root), self.root, hashes)
            need(prefix, "Not the log that the officer saw.")
        need((self.receipt["key"] is None) == (act["key"] is None), "The enrolment is missing or too much.")
        if self.receipt["key"] is not None:
            key, evidence = self.receipt["key"]["entry"], self.receipt["evidence"]
            need(key["type"] == "key" and key["action"] == "enrolled", "Not an enrolment.")
            need((key["organizationId"], key["key"]) == (act["organizationId"], act["key"]), "Another key.")
            need(key["spki"] == evidence["spki"], "Another key.")
            need((key["rpId"], key["origin"]) == (evidence.get("rpId"), evidence.get("origin")), "Another site.")
            need(self.logged(self.receipt["key"]) < self.index, "The key was enrolled after the act.")

    def logged(self, logged):
        keys(logged, "entry proof")
        index, hashes, note = read_proof(logged["proof"])
        need(note == self.note and index < self.size, "Not in the log.")
        leaf = sha256(b"\x00" + jcs_bytes(logged["entry"]))
        need(root_by_inclusion(leaf, index, self.size, hashes) == self.root, "Not in the log.")
        return index

    def grade(self, act, is_changed):
        evidence, policy = self.receipt["evidence"], self.policy
        if evidence["class"] in ("B", "C"):
            return 5, "Recorded by the keeper, no key of the organization."
        if policy is None or (act["organizationId"], act["key"]) not in policy["organizations"]:
            return 5, "Key vouched for by the keeper."
        if evidence["class"] == "A" and (evidence["rpId"], evidence["origin"]) not in policy["sites"]:
            return 5, "The policy does not name the signing site."
        if is_changed:
            return 4, "Valid, and since changed."
        if policy["quorum"] is None or not is_witnessed(self.note, policy["quorum"]):
            return 3, "Valid, not witnessed."
        return 0, "Valid."


def check_passkey(evidence, text):
    client, data = from_base64(evidence["clientDataJson"]), from_base64(evidence["authenticatorData"])
    said = json.loads(client.decode("utf-8"))
    challenge = base64.urlsafe_b64encode(sha256(text.encode("utf-8"))).decode().rstrip("=")
    need(said["type"] == "webauthn.get" and said["challenge"] == challenge, "Another statement.")
    need(said["origin"] == evidence["origin"], "Another site.")
    need(said.get("crossOrigin") in (None, False) and "topOrigin" not in said, "Inside another site.")
    site = re.fullmatch(r"(?:https://([a-z0-9.-]+)|http://(localhost))(?::\d{1,5})?", evidence["origin"])
    host = site and (site[1] or site[2])
    need(host and (host == evidence["rpId"] or host.endswith("." + evidence["rpId"])), "Another site.")
    need(len(data) >= 37 and data[:32] == sha256(evidence["rpId"].encode()), "Another relying party.")
    need(data[32] & 5 == 5, "The user was not present or not verified.")
    signed = data + sha256(client)
    need(key_holds(from_base64(evidence["spki"]), signed, from_base64(evidence["signature"])), "Wrong signature.")


UNCHANGING = {
    "act": {"rename", "reaffirm", "endorse-correction", "dispute-settled"},
    "version": {"closed", "correction-proposed", "correction-refused"},
    "key": {"revoked", "bound"},
}


def changes_meaning(entry):
    what = entry["kind"] if entry["type"] == "act" else entry.get("action")
    return what not in UNCHANGING.get(entry["type"], ())


def check_later(entry, act):
    if entry["type"] == "act":
        same = all(entry[key] == act[key] for key in ("charterId", "organizationId", "version"))
    elif entry["type"] == "version":
        same = entry["charterId"] == act["charterId"]
    elif entry["type"] == "key":
        same = entry["key"] == act["key"] and entry["action"] in ("revoked", "bound")
    else:
        same = entry["type"] == "redact"
    need(same, "A later entry is about something else.")


def verify_promise(folder):
    """Whether the keeper published what it promised in a sealed receipt; see FORMAT.md part 6."""

    def read(name):
        with open(os.path.join(folder, name), "rb") as file:
            return file.read()

    try:
        policy = read_policy(read("policy.txt").decode())
        sealed = Sealed(read("sealed-receipt.json"))
        log, origin = read_later_log(read("checkpoint").decode(), read("entries").decode(), sealed, policy)
        include_by = sealed.promise(log, origin)
        digest = text_hash(sealed.receipt["statement"])
        if any(entry["type"] == "act" and entry["statementSha256"] == digest for entry in log):
            return 0
        if os.path.exists(os.path.join(folder, "retracted.json")):
            if sealed.is_answered(Sealed(read("retracted.json")), policy):
                return 4
        latest = max(entry.get("publishedAt", entry.get("at")) for entry in log)
        return 6 if latest > include_by else 5
    except Exception:  # Whatever hostile bytes do, the verdict is "invalid".
        return 2


def read_later_log(note, entries, sealed, policy):
    vkey, statement = sealed.receipt["log"], sealed.statement
    need(vkey in policy["logs"] and entries.endswith("\n"), "The policy does not name this log, or it is cut off.")
    lines = entries[:-1].split("\n")
    leaves = [sha256(b"\0" + line.encode()) for line in lines]
    origin, size, root = open_note(note, vkey)[:-1].split("\n")
    need(size == str(len(leaves)) and tree_root(leaves) == from_base64(root), "Not the log of the checkpoint.")
    seen_origin, seen_size, seen_root = statement["log"].split(" ")
    need(origin == seen_origin == statement["origin"] and int(seen_size) <= len(leaves), "Another log.")
    need(tree_root(leaves[: int(seen_size)]) == from_base64(seen_root), "Not the log that the officer saw.")
    return [read_jcs(line.encode()) for line in lines], origin


def tree_root(leaves):
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256(b"")
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return sha256(b"\1" + tree_root(leaves[:split]) + tree_root(leaves[split:]))


class Sealed(Receipt):
    def __init__(self, data):
        self.receipt = read_jcs(data)
        keys(self.receipt, "type log keeper version statement evidence promise officer")
        need(self.receipt["type"] == "concordat/sealed-receipt/v1", "Not a sealed receipt.")
        self.statement = statement = read_statement(self.receipt["statement"])
        read_version(self.receipt["version"])
        need(sha256(jcs_bytes(self.receipt["version"])).hex() == statement["version-sha256"], "Another text.")
        key = None if statement["organization-key"] == "-" else statement["organization-key"]
        self.check_evidence({"organizationId": statement["organization"], "key": key}, statement)

    def promise(self, log, origin):
        keeper, note = self.receipt["keeper"], self.receipt["promise"]
        named = [entry["vkey"] for entry in log if entry["type"] == "log.key" and entry["use"] == "keeper"]
        need(note is not None and keeper in named and keeper.split("+")[0] == origin + "/keeper", "No promise.")
        digest = text_hash(self.receipt["statement"])
        first = f"{re.escape(origin)}/promise/v1\nstatement-sha256 {digest}\n"
        read = re.fullmatch(f"{first}received {INSTANT}\ninclude-by ({INSTANT})\n", open_note(note, keeper))
        need(read, "Not a promise about this statement.")
        return read.group(1)

    def is_answered(self, other, policy):
        signed, answer = self.statement, other.statement
        same = all(answer[name] == signed[name] for name in ("organization", "version-sha256", "charter", "origin"))
        key, organization = answer["organization-key"], signed["organization"]
        own = key != "-" and (key == signed["organization-key"] or (organization, key) in policy["organizations"])
        both = self.receipt["evidence"]["class"] == other.receipt["evidence"]["class"] == "B"
        return answer["action"] == "retract" and same and (own or both)


def is_witnessed(note, quorum):
    if isinstance(quorum, str):
        return is_cosigned(note, quorum)
    threshold, members = quorum
    return sum(is_witnessed(note, member) for member in members) >= threshold


def read_policy(text):
    policy = {"logs": set(), "sites": set(), "organizations": set()}
    named = {}
    for line in text.split("\n"):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if words[0] == "log":
            policy["logs"].add(words[1])
        elif words[0] == "witness":
            named[words[1]] = words[2]
        elif words[0] == "group":
            members = [named[name] for name in words[3:]]
            named[words[1]] = {"all": len(members), "any": 1}.get(words[2]) or int(words[2]), members
        elif words[0] == "quorum":
            policy["quorum"] = None if words[1] == "none" else named[words[1]]
        elif words[0] == "relying-party":
            policy["sites"].add((words[1], words[2]))
        elif words[0] == "organization":
            policy["organizations"].add((words[1], words[2]))
        else:
            raise Invalid("Unknown keyword in the policy.")
    need("quorum" in policy, "The policy has no quorum.")
    return policy


def verify(data, policy):
    try:
        return Receipt(data, policy).verdict()
    except Invalid as error:
        return 2, f"Invalid: {error}"
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError):
        return 2, "Invalid: this is not a receipt."


def verify_files(receipt, policy=None):
    with open(receipt, "rb") as file:
        data = file.read()
    if policy is not None:
        with open(policy, encoding="utf-8", newline="") as file:
            policy = read_policy(file.read())
    return verify(data, policy)


def main(arguments):
    if arguments == ["freeze"]:
        for line in sys.stdin.buffer:
            given = json.loads(line)
            version = freeze(given["text"], given["place"])
            read_version(version)
            clauses = [sha256(jcs_bytes(clause)).hex() for clause in version["clauses"]]
            print(json.dumps({"sha256": sha256(jcs_bytes(version)).hex(), "clauses": clauses}))
        return 0
    if arguments == ["statements"]:
        for line in sys.stdin.buffer:
            text = json.loads(line)
            print(json.dumps({"sha256": text_hash(text), "fields": read_statement(text)}))
        return 0
    if len(arguments) in (2, 3) and arguments[0] == "verify":
        code, sentence = verify_files(*arguments[1:])
        print(sentence)
        return code
    if len(arguments) == 2 and arguments[0] == "judge":
        for name in sorted(os.listdir(arguments[1])):
            folder = os.path.join(arguments[1], name)
            code, _ = verify_files(os.path.join(folder, "receipt.json"), os.path.join(folder, "policy.txt"))
            print(json.dumps([name, code]))
        return 0
    if len(arguments) == 2 and arguments[0] == "promises":
        for name in sorted(os.listdir(arguments[1])):
            print(json.dumps([name, verify_promise(os.path.join(arguments[1], name))]))
        return 0
    print(__doc__)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
