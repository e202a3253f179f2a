#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What plugin.h declares and the lock does not name: a line each, nothing where the lock is whole.

    lock_covers.py INCLUDE_DIR LOCK.c

clang tells what the header declares. A lock that names something twice, or what the header lacks, does not compile or is
seen here as well.
"""
import json
import os
import re
import subprocess
import sys

INTERNAL = re.compile(r"PLEXCTL_PLUGIN_H|.*_$")


def clang(include_dir, *arguments):
    command = [os.environ.get("CLANG", "clang"), "-std=c11", "-x", "c", "-fsyntax-only", "-I", include_dir, *arguments, "-"]
    return subprocess.run(command, input="#include <plexctl/plugin.h>\n", check=True, capture_output=True, text=True).stdout


def constants(include_dir):
    """Object-like macros with a value."""
    defined = clang(include_dir, "-E", "-dM")
    names = re.findall(r"^#define (PLEXCTL_\w+) +\S", defined, re.MULTILINE)
    return {f"CONSTANT {name}" for name in names if not INTERNAL.fullmatch(name)}


def members(include_dir):
    """Records, each of their members, functions and types; those of the C library have other names."""
    found = set()
    for node in json.loads(clang(include_dir, "-Xclang", "-ast-dump=json"))["inner"]:
        name = node.get("name", "")
        if not name.startswith("plexctl_"):
            continue
        if node["kind"] == "RecordDecl" and node.get("completeDefinition"):
            found.add(f"RECORD {name}")
            found |= {f"MEMBER {name} {field['name']}" for field in node["inner"] if field["kind"] == "FieldDecl"}
        elif node["kind"] in ("FunctionDecl", "TypedefDecl"):
            found.add(f"{node['kind'][:-4].upper()} {name}")
    return found


def locked(lock):
    with open(lock, encoding="utf-8") as file:
        text = file.read()
    found = [f"{kind} {name}" for kind, name in re.findall(r"^(CONSTANT|RECORD|FUNCTION|TYPEDEF)\((\w+),", text, re.MULTILINE)]
    found += [f"RECORD {name}" for name in re.findall(r"^TABLE\((\w+),", text, re.MULTILINE)]
    found += [f"MEMBER {record} {name}" for record, name in re.findall(r"^(?:MEMBER|SERVICE)\((\w+), (\w+),", text, re.MULTILINE)]
    return found


def main():
    include_dir, lock = sys.argv[1:]
    declared = constants(include_dir) | members(include_dir)
    held = locked(lock)
    if len(declared) < 100:
        print(f"clang names {len(declared)} declarations of plugin.h, next to nothing")
    for name in sorted(declared - set(held)):
        print(f"not locked: {name}")
    for name in sorted(set(held) - declared):
        print(f"locked, but not declared: {name}")
    for name in sorted({name for name in held if held.count(name) > 1}):
        print(f"locked twice: {name}")


main()
