# SPDX-License-Identifier: Apache-2.0
"""A second opinion on config files, which shares no code with plexctl: Python's own json module says what a document
means, made as strict as plexctl-config(5) says, and a few lines beside it say where in the text each member stands."""

import json
import math
import re

MAX_DEPTH = 64
KNOWN = ('server', 'token', 'token_type', 'expires_at', 'domain_id', 'idp_binding_id', 'subject')
WORD = re.compile(r'"(?:[^"\\]|\\.)*"|[-+.\w]+|[][{}:,]', re.S)


class Number(str):
    """A number as it is spelt: nothing is lost to a float or to an integer of 64 bits."""


class Refused(Exception):
    pass


def number(text):
    if math.isinf(float(text)):
        raise Refused('a number too large')
    return Number(text)


def constant(text):
    raise Refused(text)


def members(pairs):
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Refused('a name twice')
    for name in found:
        string(name)
    return found


def string(text):
    if '\0' in text:
        raise Refused('NUL')
    text.encode()  # UnicodeEncodeError: half of a surrogate pair
    return text


def check(value, depth=0):
    """Strings, and depth: what the module's hooks do not see."""
    if isinstance(value, Number):
        return
    if isinstance(value, str):
        string(value)
    if isinstance(value, (dict, list)):
        if depth == MAX_DEPTH:
            raise Refused('too deep')
        for inner in value.values() if isinstance(value, dict) else value:
            check(inner, depth + 1)


def read(data):
    """The document's value; Refused, ValueError or RecursionError where it is none."""
    value = json.loads(data.decode(), object_pairs_hook=members, parse_constant=constant, parse_int=number,
                       parse_float=number)
    check(value)
    return value


def is_text(value):
    return isinstance(value, str) and not isinstance(value, Number)


def config(data):
    """The config, None where `data` is none that plexctl may use."""
    try:
        value = read(data)
    except (Refused, ValueError, RecursionError):
        return None
    profiles = value.get('profiles', {}) if isinstance(value, dict) else None
    if not isinstance(profiles, dict) or not all(isinstance(one, dict) for one in profiles.values()):
        return None
    return value if is_text(value.get('default', '')) else None


def records(value):
    """What `list` must say of a config; None where a member of a profile has a type that it must not have."""
    profiles = value.get('profiles', {})
    if not all(is_text(profile[key]) for profile in profiles.values() for key in KNOWN if key in profile):
        return None
    return [[name, *(profile.get(key) for key in KNOWN), '1' if value.get('default') == name else None]
            for name, profile in profiles.items()]


class Places:
    """Where a good document's members stand: place(path) is (start of key, start of value, end of value)."""

    def __init__(self, text):
        self.text, self.at, self.found = text, 0, {}
        self.value(())

    def word(self):
        match = WORD.search(self.text, self.at)
        self.at = match.end()
        return match

    def value(self, path):
        first = self.word()
        if first[0] in '{[' and self.text[self.at:].lstrip(' \t\r\n')[0] in '}]':
            self.word()
        elif first[0] == '{':
            self.members(path)
        elif first[0] == '[':
            while self.value((*path, None)) and self.word()[0] == ',':
                pass
        return first.start(), self.at

    def members(self, path):
        more = True
        while more:
            key = self.word()
            inner = (*path, json.loads(key[0], strict=False))
            self.word()
            start, end = self.value(inner)
            if None not in inner:
                self.found[inner] = (key.start(), start, end)
            more = self.word()[0] == ','


def kept(text, name):
    """The text of all that a save of profile `name` must leave as it is, in its order."""
    def is_kept(path):
        if path[0] != 'profiles':
            return path != ('default',) and len(path) == 1
        if len(path) == 2:
            return path[1] != name
        return len(path) == 3 and path[1] == name and path[2] not in KNOWN
    return [text[key:end] for path, (key, _, end) in sorted(Places(text).found.items(), key=lambda item: item[1])
            if is_kept(path)]


def replaced(text, name, values):
    """The text with these values of profile `name`, which it has, and not a byte else changed."""
    places = Places(text).found
    for key, value in sorted(values.items(), key=lambda item: -places['profiles', name, item[0]][0]):
        _, start, end = places['profiles', name, key]
        text = text[:start] + json.dumps(value) + text[end:]
    return text
