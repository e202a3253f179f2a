// SPDX-License-Identifier: Apache-2.0
//
// What a person sees of each command at 80x24 and at 40x12, with UTF-8 and without: the text stands there, and no row is
// broken inside a word. A pane for each runs them one after the other, the panes beside each other.
'use strict';

const assert = require('node:assert/strict');
const path = require('node:path');
const { describe, test } = require('node:test');
const {
  bindingId, devserver, domainId, login, loginFlags, plexctl, scratch,
} = require('./lib/harness.js');
const { openScreen } = require('./lib/screen.js');

const SETTINGS = [80, 40].flatMap((columns) => ['C.UTF-8', 'C'].map((LC_ALL) => ({ columns, lines: columns === 80 ? 24 : 12, LC_ALL })));
const nameOf = ({ columns, lines, LC_ALL }) => `${columns}x${lines}, ${LC_ALL}`;
const ids = loginFlags.join(' ');

// What follows plexctl (after assignments), its exit code, and what is said, line breaks as spaces.
const COMMANDS = [
  [`login --list-bindings --domain-id ${domainId}`, 0, `^(?=.*ID .*ALIAS ).*${bindingId}`],
  [`login --no-wait ${ids} --profile-name later`, 0, 'open this page in a browser: https://\\S+ and enter this code: \\S{9} .*--resume'],
  ['login --resume --profile-name nobody', 1, 'plexctl: .*no login .*nobody'],
  ['login --again --if-expiring 30m', 0, 'Profile "default" is valid until \\S+Z\\.$'],
  ['env', 2, '--reveal-secrets'],
  ['whoami', 0, 'SUBJECT +\\S+ .*alice@example\\.test'],
  ['whoami --offline', 0, 'PROFILE +default .*SUBJECT'],
  ['profile list', 0, 'DEFAULT .*staging .*https://staging\\.example\\.com'],
  ['profile show', 0, 'NAME +default .*SERVER +https://localhost:\\d+ '],
  ['profile doctor', 0, ''],
  ['plugin list', 0, 'login .*whoami '],
  ['login', 2, 'plexctl: .*missing --domain-id UUID'],
  ['login --no-wait --domain-id x', 2, '--domain-id'],
  ['whoam', 2, 'unknown command "whoam"; did you mean "whoami"\\?'],
  ['profile lst', 2, 'unknown subcommand "lst" of `plexctl profile`; did you mean "list"\\?'],
  ['whoami --output jsn', 2, '"jsn" is unknown; did you mean json\\? give one of table, json, yaml'],
  ['whoami --profile stagin', 3, 'profile "stagin" does not exist in \\S+; did you mean "staging"\\?'],
  [`SSH_TTY=x login --no-wait --open ${ids} --profile-name ssh`, 0, 'warning: --open: this is an ssh session, and the browser would be at its far end'],
  [`SUDO_UID=0 login --no-wait --open ${ids} --profile-name ssh`, 0, 'warning: --open: no browser is started under sudo'],
];

// A fault of devserver's at the first poll, the exit code, what the line that counts down says, and what is left at the end.
// With 130 the login would go on: C-c ends it once that line is there.
const WAITS = [
  ['slow_down', 130, /left: slowed down by the server/, 'yourself\\.$'],
  ['503', 130, /left: server busy, again in \d+ s/, 'plexctl: warning: .*HTTP 503.*until the code expires$'],
  ['access_denied', 1, /left: waiting for approval/, 'plexctl: the login was denied in the browser.*plexctl login'],
  ['expired_token', 1, /left: waiting for approval/, 'plexctl: device-code session expired before approval.*plexctl login'],
];

const shellWords = (args) => args.replace(/^((?:[A-Z_]+=\S+ )*)/, (_, assignments) => `${assignments}"$0" `);

// Runs the commands in one pane; what each has printed, as rows that a word which is wider than a row has to itself. C-c is
// typed when the terminal was sent `interruptAt`.
async function runAll(t, home, setting, commands, env, interruptAt) {
  const script = `${commands.map((args) => `${args}; echo "## $?"`).join('; ')}; echo "## end"; exit 0`;
  const screen = await openScreen(t, home, [], {
    ...setting, command: ['bash', '-c', `trap : INT; ${script}`, plexctl], env: { ...env, LC_ALL: setting.LC_ALL },
  });
  if (interruptAt) {
    await screen.raw(interruptAt);
    await screen.keys('C-c');
  }
  assert.equal(await screen.status(), 0);
  const rows = await screen.history();
  for (const row of rows) assert.ok(row.length <= setting.columns || !/\S +\S/.test(row), `broken inside a word: ${row}`);
  const parts = rows.join('\n').split(/^## (\d+)$/m);
  const seen = commands.map((args, at) => ({ args, text: parts[2 * at].trim().replace(/\s+/g, ' '), code: Number(parts[2 * at + 1]) }));
  const raw = await screen.raw(/^## end\r$/m);
  if (setting.LC_ALL === 'C') assert.doesNotMatch(raw, /[\x80-\xff]/);
  return { seen, raw };
}

describe('no row is broken inside a word', { concurrency: 8 }, () => {
  test('commands', async (t) => {
    const server = await devserver(t);
    const person = scratch(t);
    await login(person, server);
    const config = person.readConfig();
    config.profiles.staging = { server: 'https://staging.example.com', token: 'canary-token-0123456789', token_type: 'Bearer' };
    await Promise.all(SETTINGS.map(async (setting) => {
      const home = scratch(t);
      home.writeConfig(config);
      for (const name of ['later', 'ssh']) home.holdsSecret(path.join(home.dir, `.local/state/plexctl/login.${name}.json`));
      const commands = COMMANDS.map(([args]) =>
        shellWords(args.replace(/login --(no-wait|list-bindings)/, `login --server ${server.url} --$1`)));
      const { seen } = await runAll(t, home, setting, commands, server.trust);
      const wrong = seen.filter(({ text, code }, at) => code !== COMMANDS[at][1] || !new RegExp(COMMANDS[at][2]).test(text));
      assert.deepEqual(wrong, [], nameOf(setting));
    }));
  });

  test('waiting, and its ends', async (t) => {
    await Promise.all(WAITS.flatMap(([fault, wantedCode, state, wanted]) => SETTINGS.map(async (setting) => {
      const server = await devserver(t, ['--fault', `${fault}:1`]);
      const command = `"$0" login --server ${server.url} ${ids}`;
      const interruptAt = wantedCode === 130 && state;
      const { seen: [{ text, code }], raw } = await runAll(t, scratch(t), setting, [command], server.trust, interruptAt);
      assert.equal(code, wantedCode, `${nameOf(setting)}: ${fault}: ${text}`);
      assert.match(text, new RegExp(wanted), `${nameOf(setting)}: ${fault}`);
      const states = [...raw.matchAll(/\r\x1b\[K([^\r\n\x1b]+)/g)].map(([, shown]) => shown.replace(/\^C$/, '')); // eslint-disable-line no-control-regex
      assert.ok(states.some((shown) => new RegExp(`${state.source}$`).test(shown)), `${nameOf(setting)}: ${states.join('\n')}`);
      for (const shown of states) assert.ok(shown.length <= setting.columns - 2, shown);
    })));
  });
});
