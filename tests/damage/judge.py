# SPDX-License-Identifier: Apache-2.0
"""One config file in a directory of its own, what the store makes of it, and what has to hold after every case."""

import os
import re
import resource
import subprocess

import reader

TOKEN = 'canary-token-7f3a91.0123456789'
OLD_TOKEN = 'canary-old-token-55d1.987654321'
SAVED = {'server': 'https://saved.example.com', 'token': TOKEN, 'token_type': 'Bearer',
         'expires_at': '2027-01-01T00:00:00Z', 'domain_id': 'new-domain', 'idp_binding_id': 'new-binding',
         'subject': 'new-subject'}
NAME = 'work'
CONTROL = re.compile('[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]')
FILE_SIZE_MAX = 1 << 16  # of a file whose bytes are compared


class Crash(Exception):
    pass


class Store:
    """The store in its server process."""

    def __init__(self, program, home, *args):
        self.home = home
        self.directory = os.path.join(home, 'plexctl')
        self.path = os.path.join(self.directory, 'config.json')
        os.makedirs(self.directory, 0o700)
        self.process = subprocess.Popen([program, *args], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        env={'XDG_CONFIG_HOME': home, 'LC_ALL': 'C'}, text=True)

    def ask(self, command):
        """(exit code, error text, records)"""
        self.process.stdin.write(command + '\n')
        self.process.stdin.flush()
        records = []
        for line in self.process.stdout:
            kind, *fields = line.split(' ')
            if kind == 'end':
                return int(fields[0]), text_of(fields[1].strip()), records
            records.append([text_of(field.strip()) for field in fields])
        raise Crash(f'the store ended: {self.process.wait()}')

    def close(self):
        self.process.stdin.close()
        return self.process.wait()

    def put(self, data):
        with open(self.path, 'wb') as file:
            file.write(data)
        os.chmod(self.path, 0o600)


def text_of(field):
    return None if field == '-' else bytes.fromhex(field).decode()


def state(path):
    """All of a file that a refusal must leave: kind, mode, inode, size, times of change, bytes or target."""
    found = os.lstat(path)
    content = None
    if os.path.islink(path):
        content = os.readlink(path)
    elif os.path.isfile(path) and found.st_size <= FILE_SIZE_MAX:
        with open(path, 'rb') as file:
            content = file.read()
    return found.st_mode, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns, content


def message_faults(store, text):
    faults = []
    if not text or CONTROL.search(text):
        faults.append(f'not one safe line: {text!r}')
    if 'canary' in text:
        faults.append(f'a token is shown: {text!r}')
    if store.path not in text:
        faults.append(f'the file is not named: {text!r}')
    return faults


def left_behind(store):
    extra = set(os.listdir(store.directory)) - {'config.json', 'config.json.lock'}
    return [f'left behind: {extra}'] if extra else []


def unchanged(store, before):
    return [] if state(store.path) == before else ['a file that was refused is changed']


def judge_list(store, config):
    before = state(store.path)
    expected = None if config is None else reader.records(config)
    code, text, records = store.ask('list')
    faults = unchanged(store, before) + left_behind(store)
    if expected is None:
        faults += message_faults(store, text) + ([f'list: exit {code}, not 2'] if code != 2 else [])
    elif code != 0 or records != expected:
        faults.append(f'list: exit {code}, {text!r}: {records} is not {expected}')
    return faults


def value_faults(config, after):
    """The document's values after the save: ours are there, and no other is another."""
    expected = {**config, 'profiles': dict(config.get('profiles', {}))}
    expected['profiles'][NAME] = {**expected['profiles'].get(NAME, {}), **SAVED}
    if config.get('default') not in config.get('profiles', {}):
        expected['default'] = NAME
    return [] if after == expected else [f'a value differs: {after} is not {expected}']


def byte_faults(config, before, after):
    old, new = before.decode(), after.decode()
    if set(SAVED) <= set(config.get('profiles', {}).get(NAME, {})) and config.get('default') in config['profiles']:
        return [] if new == reader.replaced(old, NAME, SAVED) else ['a byte outside the six values is changed']
    return [] if reader.kept(old, NAME) == reader.kept(new, NAME) else ['a member that must be kept is changed']


def judge_save(store, config, data):
    before = state(store.path)
    code, text, _ = store.ask(f'save {NAME} {TOKEN}')
    faults = left_behind(store)
    if config is None:
        return faults + message_faults(store, text) + unchanged(store, before) + (
            [f'save: exit {code}, not 2'] if code != 2 else [])
    if code != 0:
        return [*faults, f'save: exit {code}: {text!r}', *unchanged(store, before)]
    mode, _, _, _, _, after = state(store.path)
    if mode & 0o7777 != 0o600:
        faults.append(f'mode {mode:o}')
    value = reader.config(after)
    if value is None:
        return [*faults, f'what was saved is no config: {after!r}']
    return faults + value_faults(config, value) + byte_faults(config, data, after)


def judge(store, data):
    """Reads and saves over a file of these bytes; what is wrong."""
    config = reader.config(data)
    store.put(data)
    try:
        faults = judge_list(store, config) + judge_save(store, config, data)
    except (ValueError, KeyError) as error:  # of a text that is no text, or no longer a document
        faults = [f'unreadable: {error}']
    return [f'{fault} -- of {data[:2000]!r}' for fault in faults]


def judge_refused(store, plexctl):
    """The file as it stands must be refused by the store and by the program, and stay as it is."""
    before, faults = state(store.path), []
    for command in ('list', f'save {NAME} {TOKEN}'):
        code, text, _ = store.ask(command)
        faults += message_faults(store, text) + ([f'{command}: exit {code}, not 2'] if code != 2 else [])
    ids = ['0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0a0', '0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0b0']
    login = ['login', '--server', 'https://127.0.0.1:1', '--domain-id', ids[0], '--idp-binding-id', ids[1]]
    for args in (['profile', 'list'], ['profile', 'show', NAME], ['whoami'], login):
        run = subprocess.run([plexctl, *args], env={'XDG_CONFIG_HOME': store.home, 'LC_ALL': 'C'}, timeout=20,
                             stdin=subprocess.DEVNULL, capture_output=True)
        line = run.stderr.decode()
        if run.returncode != 2 or run.stdout or not line.startswith('plexctl: ') or line.count('\n') != 1:
            faults.append(f'{args}: exit {run.returncode}, {run.stdout!r}, {line!r}')
        faults += message_faults(store, line.rstrip('\n'))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    if peak > 256 * 1024:
        faults.append(f'{peak} KiB of memory')
    return faults + unchanged(store, before) + left_behind(store)
