// SPDX-License-Identifier: Apache-2.0
//
// The commands that a refusal advises, run as they stand: by the user who was refused, and behind sudo by root.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

// What is harmless in a scratch home. The others show something, or change the shell that they are typed into.
const harmless = /^(?:sudo )?(chattr|chmod|chown|install|mount|mv|rm|umount) /;

// The first of them in `text`, as { verb, command }; null for none.
function findCommand(text) {
  const command = [...text.matchAll(/`([^`]+)`/g)].map(([, found]) => found).find((found) => harmless.test(found));
  return command ? { verb: command.match(harmless)[1], command } : null;
}

// What was moved away before is not lost to what is moved away now.
function assertKept(target, before) {
  const beside = fs.readdirSync(path.dirname(target)).filter((name) => name.startsWith(path.basename(target)));
  const kept = beside.map((name) => path.join(path.dirname(target), name)).filter((file) => fs.statSync(file).isFile());
  assert.ok(kept.some((file) => fs.readFileSync(file, 'utf8') === before), `what stood in ${target} is gone: ${beside}`);
}

function carryOut(home, { verb, command }, uid) {
  const bin = path.join(home.dir, 'bin');
  fs.mkdirSync(bin);
  fs.writeFileSync(path.join(bin, 'sudo'), '#!/bin/sh\nexec "$@"\n', { mode: 0o755 });
  const isRoot = command.startsWith('sudo ');
  const env = { PATH: `${isRoot ? `${bin}:` : ''}/usr/sbin:/usr/bin:/sbin:/bin` };
  const [, moved] = command.match(/^mv \S+ \S+ (\S+)$/) ?? [];
  if (moved) fs.writeFileSync(moved, 'moved away before');
  if (moved && uid) fs.chownSync(moved, uid, uid);
  execFileSync('/bin/sh', ['-c', command], { env, stdio: 'pipe', ...(isRoot ? {} : { uid, gid: uid }) });
  if (verb === 'mv') assertKept(moved, 'moved away before');
}

module.exports = { carryOut, findCommand };
