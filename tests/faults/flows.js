// SPDX-License-Identifier: Apache-2.0
//
// What is done under every failing allocation: each flow has arguments, the config file that it starts from, and where
// it matters the environment, and what it may `keep` beside the config file. `server` stands for the control plane's URL of the run.
'use strict';

const { SECRETS } = require('./plane.js');

const LOGIN = ['login', '--domain-id', '0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0a0',
  '--idp-binding-id', '0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0b0'];
const FORMATS = ['table', 'json', 'yaml'];

const profile = (server, more = {}) => ({
  server, token: SECRETS.token, token_type: 'Bearer', expires_at: '2099-01-01T00:00:00Z', ...more,
});
const two = (server) => `${JSON.stringify({
  default: 'work', note: { kept: [1, 2.5] },
  profiles: { work: profile(server, { colour: 'blue' }), other: profile('https://other.example.com') },
}, null, 2)}\n`;
const broken = () => '{ "default": "work", "profiles": { "work": { "server": "ftp://x", "token": 3 }, "b": [] } }\n';

const login = (name, more) => ({ name: `login, ${name}`, args: ['--server', 'server', ...LOGIN], config: null, fate: 'approved', ...more });
const IDS = { domain_id: LOGIN[2], idp_binding_id: LOGIN[4] };
const known = (server) => JSON.stringify({ default: 'work', profiles: { work: profile(server, IDS) } });
const STATE = ['.local', '.local/state', '.local/state/plexctl', '.local/state/plexctl/login.default.json',
  '.local/state/plexctl/login.default.json.lock'];
const plain = (args, config = null, more = {}) => ({ name: args.join(' ') || 'no arguments', args, config, ...more });
const eachFormat = (args, config) => FORMATS.map((format) => plain([...args, '-o', format], config));

const FLOWS = [
  login('to the end'),
  login('to the end, json', { args: ['-o', 'json', '--server', 'server', ...LOGIN] }),
  login('over a profile, with its server, yaml', { args: ['-o', 'yaml', ...LOGIN, '--profile-name', 'work'], config: two }),
  login('beside profiles, a config that others can read', { config: two, mode: 0o644 }),
  login('over TLS', { tls: true }),
  login('denied', { fate: 'denied', config: two }),
  login('cancelled', { fate: 'pending', cancel: true, config: two }),
  login('left pending', { args: ['--server', 'server', ...LOGIN, '--no-wait', '-o', 'json'], fate: 'pending', keeps: STATE }),
  login('told to a program', { args: ['--server', 'server', ...LOGIN, '--events', 'events'], keeps: ['events'] }),
  login('again', { args: ['login', '--again'], config: known }),
  plain(['login', '--again', '--if-expiring', '30m'], known), plain(['login', '--again', '-o', 'yaml'], two),
  plain(['login', '--list-bindings', '--domain-id', LOGIN[2]], known), plain(['login', '--resume']),
  login('a broken config', { config: () => '{ "profiles": \n' }),
  ...FORMATS.map((format) => plain(['whoami', '-o', format], two)),
  plain(['whoami', '--profile', 'work'], two, { tls: true, name: 'whoami over TLS' }),
  plain(['whoami', '--server', 'server', '--token-file', '-'], null, { input: `${SECRETS.token}\n` }),
  plain(['whoami', '--server', 'server'], null, { env: { PLEXSPHERE_TOKEN: SECRETS.token }, name: 'whoami, token of the environment' }),
  plain(['whoami', '--profile', 'none'], two),
  ...eachFormat(['profile', 'list'], two),
  ...eachFormat(['profile', 'show'], two),
  ...eachFormat(['profile', 'show', 'other', '--reveal-secrets'], two),
  ...eachFormat(['profile', 'doctor'], two),
  plain(['profile', 'doctor', '-o', 'json'], broken, { name: 'profile doctor, broken profiles' }),
  plain(['version']), plain(['--version']), plain([]), plain(['help']), plain(['help', 'login']), plain(['login', '--help']),
  plain(['profile', 'show', '--help']), plain(['help', 'profile', 'show']), plain(['whomai']), plain(['login']),
  plain(['version', '-o', 'json']),
  plain(['env', '--reveal-secrets'], two), plain(['env', '--reveal-secrets', '-o', 'json'], two), plain(['env'], two),
  plain(['whoami', '--offline'], two),
  ...['bash', 'zsh', 'fish'].map((shell) => plain(['completion', shell])),
  ...eachFormat(['plugin', 'list']), ...eachFormat(['plugin', 'doctor']),
];

module.exports = { FLOWS, plain };
