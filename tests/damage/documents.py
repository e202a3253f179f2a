# SPDX-License-Identifier: Apache-2.0
"""Config files to damage, and config files made by chance."""

import json

from judge import NAME, OLD_TOKEN, SAVED

# About 1 KiB: members that plexctl does not know at three levels, escapes, UTF-8 of each length, numbers that a double
# or an integer of 64 bits cannot hold, every kind of white space.
SAMPLE = r'''{ "$schema" : "https://example.com/\u0070lexctl\/schema.json",
	"default": "h\u00f6me",
  "big": [123456789012345678901234567890, -0, 2.50, 1E+2, 1e-400, -0.0, 18446744073709551616, 0.1e1],
  "n\"ote\\": {"profiles": {"work": {"token": "decoy"}}, "default": null, "\ud83d\ude00": true, "empty": {}, "none": [ ]},
  "profiles": {
    "h\u00f6me": {"server": "https://old.example.com", "token": "''' + OLD_TOKEN + r'''", "token_type": "Bearer",
      "x-extra": {"deep": [[], {"a": {"b": false}}], "é€😀": "\b\f\n\r\t\/\u2028"}, "expires_at": "2026-11-24T12:00:00Z"},
    "work" : {"before": 1.10, "server":"https:\/\/cp.example.com" , "token": "''' + OLD_TOKEN + r'''",
      "token_type": "bearer", "expires_at": "2026-01-01T00:00:00Z", "domain_id": "d", "between": [1, 2.50 ,{"z":-0}],
      "idp_binding_id": "b\u0069nding", "subject": "s\u00fcb", "after": "日本"},
    "third": {}
  },
  "last": {"profiles": [ {"work": 1} ], "wide": "  	"}
}
'''.replace('wide": "  	', 'wide": "   \u00a0')

NUMBERS = ['0', '-0', '2.50', '1E+2', '1e-999', '123456789012345678901234567890', '-1.0e-0', '18446744073709551616',
           '-9223372036854775809', '0.1', '1e308', '100000000000000000000000.000']
STRINGS = [r'"\u0041\/\\\""', r'"\ud83d\ude00"', '"é€😀"', '"\\u00e9"', '""', '"a b"', r'"\b\f\n\r\t"', '"\u007f"', '"\\uFFFF"']
NAMES = ['x', 'token', 'default', 'profiles', 'server', 'Ünï', 'a b', '\\', '"', '😀', '/', '']
SPACES = ['', '', '', ' ', '\n', '\t', '\r\n', '  \n\t ']
REFUSED_NUMBERS = ['1e999', '-1E400', '01', '.5', '1.', 'NaN', '-Infinity', '+1', '0x1']


class Maker:
    """Documents by chance; `spoils` says how often a document gets something that must be refused."""

    def __init__(self, random, spoils=0.1):
        self.random, self.spoils = random, spoils

    def space(self):
        return self.random.choice(SPACES)

    def key(self, name):
        """A name in one of its spellings."""
        escaped = ''.join(f'\\u{ord(c):04x}' if ord(c) < 0x10000 and self.random.random() < 0.2 else json.dumps(
            c, ensure_ascii=False)[1:-1] for c in name)
        return f'"{escaped}"'

    def joined(self, parts, brackets):
        inner = ','.join(f'{self.space()}{part}{self.space()}' for part in parts) or self.space()
        return brackets[0] + inner + brackets[1]

    def value(self, depth=0):
        kind = self.random.randrange(6 if depth < 3 else 4)
        if kind == 0:
            return self.random.choice(NUMBERS)
        if kind in (1, 2):
            return self.random.choice(STRINGS)
        if kind == 3:
            return self.random.choice(['null', 'true', 'false'])
        if kind == 4:
            return self.joined([self.value(depth + 1) for _ in range(self.random.randrange(4))], '[]')
        return self.object([], depth + 1, NAMES)

    def object(self, members, depth, names):
        """The members, and some that nobody knows among them."""
        unknown = [name for name in names if name not in dict(members)]
        picked = self.random.sample(unknown, min(len(unknown), self.random.randrange(4)))
        every = members + [(name, self.value(depth)) for name in picked]
        self.random.shuffle(every)
        return self.joined([f'{self.key(name)}{self.space()}:{self.space()}{value}' for name, value in every], '{}')

    def profile(self):
        known = self.random.sample(sorted(SAVED), self.random.choice([0, 2, 5, 6, 6, 6]))
        return self.object([(key, self.random.choice([json.dumps(OLD_TOKEN), '"t\\u00e9xt"'])) for key in known], 1,
                           ['x', 'note', 'Ünï', 'Token', '😀', 'servers'])

    def document(self):
        others = self.random.sample(['höme', 'a', 'profiles', 'token', 'w\\ork'], self.random.randrange(4))
        names = others + [NAME] * (self.random.random() < 0.7)
        members = []
        if self.random.random() < 0.9:
            profiles = self.object([(name, self.profile()) for name in names], 3, [])
            members.append(('profiles', profiles))
        if self.random.random() < 0.8:
            members.append(('default', self.key(self.random.choice([*names, 'gone']))))
        text = self.space() + self.object(members, 0, ['$schema', 'x', 'Ünï', 'note', '😀', 'work']) + self.space()
        return self.spoil(text) if self.random.random() < self.spoils else text

    def spoil(self, text):
        """A number that is none, or too large, or a member twice, at a level by chance."""
        places = [at for at, c in enumerate(text) if c == '{']
        at = self.random.choice(places) + 1
        value = self.random.choice([self.random.choice(REFUSED_NUMBERS), '1,"spoilt":2', '"\\ud800"', '"\\u0000"', '"\t"'])
        rest = text[at:].lstrip(' \t\r\n')
        return text[:at] + f'"spoilt":{value}' + ('' if rest.startswith('}') else ',') + text[at:]
