# SPDX-License-Identifier: Apache-2.0
"""main.py SERVER PLEXCTL SCRATCH [SEED]      tests/damage.sh calls it. Prints TAP: one check of each family, with the
number of its cases, and one of each control, which passes where the judge sees what a careless writer does."""

import os
import random
import sys
import tempfile

import foreign
from documents import NUMBERS, SAMPLE, Maker
from judge import Crash, Store, judge, judge_refused

GENERATED = 400
SHOWN = 10


def cut():
    data = SAMPLE.encode()
    return [data[:at] for at in range(len(data) + 1)]


def flipped():
    data = SAMPLE.encode()
    return [data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1:] for at in range(len(data)) for bit in range(8)]


def generated(seed):
    maker = Maker(random.Random(seed))
    return [maker.document().encode() for _ in range(GENERATED)]


def run_documents(program, scratch, documents, *args):
    """Faults of all of them; a store that crashes ends the run."""
    store = Store(program, tempfile.mkdtemp(dir=scratch), *args)
    faults = []
    for data in documents:
        try:
            faults += judge(store, data)
        except Crash as crash:
            return [*faults, f'{crash} -- of {data!r}']
    return faults + ([] if store.close() == 0 else ['the store ended badly'])


def run_foreign(program, plexctl, scratch):
    faults = []
    for title, make in foreign.REFUSED.items():
        store = Store(program, tempfile.mkdtemp(dir=scratch))
        make(store)
        try:
            faults += [f'{title}: {fault}' for fault in judge_refused(store, plexctl)]
        except Crash as crash:
            faults.append(f'{title}: {crash}')
        foreign.remove(store)
        store.close()
    return faults


class Report:
    def __init__(self):
        self.count = 0

    def __call__(self, title, cases, faults, control=None):
        """`control` is the fault that a control must see, in as many of its cases as say so."""
        self.count += 1
        seen = sum(control in fault for fault in faults) if control else None
        good = seen > 0 if control else not faults
        print(f'{"ok" if good else "not ok"} {self.count} - {title}: {cases} cases, {len(faults)} faults'
              f'{f" seen, {seen} times: {control}" if control else ""}', flush=True)
        for fault in [] if good else faults[:SHOWN]:
            print('#', fault)


def main(program, plexctl, scratch, seed=None):
    seed = int(seed) if seed else int.from_bytes(os.urandom(4), 'big')
    made = generated(seed)
    report = Report()
    print(f'# note: seed of the generated documents: {seed}')
    for title, documents in [('a config file cut at each byte', cut()), ('each bit of a config file flipped', flipped()),
                             ('members that plexctl does not know are kept', made)]:
        report(title, len(documents), run_documents(program, scratch, documents))
    report('what is no config file is refused', len(foreign.REFUSED), run_foreign(program, plexctl, scratch))
    report('a writer that builds a tree is caught', len(made), run_documents(program, scratch, made, 'rewrite'),
           'a member that must be kept is changed')
    big = [b'{"n": %s}' % number.encode() for number in NUMBERS]
    report('a writer that spells numbers anew is caught', len(big), run_documents(program, scratch, big, 'rewrite'),
           'a value differs')


if __name__ == '__main__':
    main(*sys.argv[1:])
