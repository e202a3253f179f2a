# SPDX-License-Identifier: Apache-2.0
"""What may stand where the config file should be, and is none."""

import os
import random
import socket

from documents import SAMPLE
from judge import OLD_TOKEN

CONFIG = '{"default": "work", "profiles": {"work": {"server": "https://cp.example.com", "token": "' + OLD_TOKEN + '"}}}'
MAX_BYTES = 16 * 1024 * 1024


def written(data):
    def make(store):
        store.put(data)
    return make


def linked(target):
    return lambda store: os.symlink(target, store.path)


def nested(depth, opening='[', closing=']'):
    return written(b'{"deep":' + opening.encode() * depth + closing.encode() * depth + b'}')


def sparse(size):
    def make(store):
        store.put(CONFIG.encode())
        os.truncate(store.path, size)
    return make


def listening(store):
    before = os.getcwd()
    os.chdir(store.directory)  # a socket's name must be short
    socket.socket(socket.AF_UNIX).bind('config.json')
    os.chdir(before)


REFUSED = {
    'a byte order mark': written(b'\xef\xbb\xbf' + CONFIG.encode()),
    'UTF-16, little end first, with mark': written(b'\xff\xfe' + CONFIG.encode('utf-16-le')),
    'UTF-16, little end first': written(CONFIG.encode('utf-16-le')),
    'UTF-16, big end first, with mark': written(b'\xfe\xff' + CONFIG.encode('utf-16-be')),
    'UTF-16, big end first': written(CONFIG.encode('utf-16-be')),
    'UTF-32': written(CONFIG.encode('utf-32')),
    'Latin-1': written(SAMPLE.replace('é€😀', 'é').replace('日本', 'ü').encode('latin-1')),
    'empty': written(b''),
    'white space only': written(b' \n\t\r\n' * 40),
    'NUL bytes only': written(bytes(4096)),
    'a NUL before the document': written(b'\0' + CONFIG.encode()),
    'a NUL behind the document': written(CONFIG.encode() + b'\0'),
    'a page of NUL bytes behind the document': written(CONFIG.encode() + bytes(4096)),
    'a NUL in a string': written(CONFIG.replace('cp.', 'c\0p.').encode()),
    'two documents': written(CONFIG.encode() * 2),
    'comments': written(b'// mine\n' + CONFIG.encode()),
    'a comma too many': written(CONFIG.replace('}}}', '},}}').encode()),
    'single quotes': written(CONFIG.replace('"', "'").encode()),
    'YAML': written(b'default: work\nprofiles:\n  work: {token: ' + OLD_TOKEN.encode() + b'}\n'),
    'arrays 64 deep below the document': nested(64),
    'arrays a million deep': nested(1_000_000),
    'objects a million deep': nested(1_000_000, '{"a":', '}'),
    'arrays a million deep and never closed': nested(1_000_000, '[', ''),
    'a program': lambda store: written(open('/bin/true', 'rb').read())(store),
    'bytes by chance': written(random.Random(7).randbytes(65536)),
    'colours and control bytes': written(b'{"\x1b[31m\x9b2J\xc2\x9b": 1, \x07\xe2\x80\xae'),
    'an array': written(b'[' + CONFIG.encode() + b']'),
    'a string': written(b'"' + OLD_TOKEN.encode() + b'"'),
    'null': written(b'null'),
    'profiles that are an array': written(b'{"profiles": [{"work": {}}]}'),
    'a profile that is a string': written(b'{"profiles": {"work": "' + OLD_TOKEN.encode() + b'"}}'),
    'a default that is a number': written(b'{"default": 1, "profiles": {}}'),
    'a byte more than 16 MiB': written(b' ' * (MAX_BYTES + 1 - len(CONFIG)) + CONFIG.encode()),
    'sparse, 1 GiB': sparse(1 << 30),
    'sparse, 16 MiB': sparse(MAX_BYTES),
    'a FIFO': lambda store: os.mkfifo(store.path, 0o600),
    'a socket': listening,
    'a directory': lambda store: os.mkdir(store.path, 0o700),
    '/dev/null': linked('/dev/null'),
    '/dev/zero': linked('/dev/zero'),
    '/dev/full': linked('/dev/full'),
    '/dev/tty': linked('/dev/tty'),
}


def remove(store):
    if os.path.isdir(store.path) and not os.path.islink(store.path):
        os.rmdir(store.path)
    elif os.path.lexists(store.path):
        os.remove(store.path)
