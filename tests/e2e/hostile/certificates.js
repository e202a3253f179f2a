// SPDX-License-Identifier: Apache-2.0
//
// Certificates for the TLS cases, made by `openssl` when the tests start.
'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const here = 'IP:127.0.0.1,DNS:localhost';
const long = { from: '20200101000000Z', to: '20901231000000Z' };

// Authorities come before what they issue. `issuer` absent: self-signed; `is_ca`; `san` absent: none.
const specs = {
  ca: { ...long, subject: '/CN=Test authority', is_ca: true },
  other_ca: { ...long, subject: '/CN=Another authority', is_ca: true },
  expired_ca: { from: '20100101000000Z', to: '20200101000000Z', subject: '/CN=Expired authority', is_ca: true },
  intermediate: { ...long, subject: '/CN=Intermediate', issuer: 'ca', is_ca: true },
  narrow_ca: { ...long, subject: '/CN=Narrow', issuer: 'ca', is_ca: true, more: 'nameConstraints=critical,permitted;DNS:allowed.test' },
  good: { ...long, issuer: 'ca', san: here },
  expired: { from: '20200101000000Z', to: '20210101000000Z', issuer: 'ca', san: here },
  not_yet_valid: { from: '20890101000000Z', to: '20900101000000Z', issuer: 'ca', san: here },
  wrong_host: { ...long, issuer: 'ca', san: 'DNS:other.test' },
  wrong_ip: { ...long, issuer: 'ca', san: 'IP:127.0.0.2' },
  ip_as_dns: { ...long, issuer: 'ca', san: 'DNS:*.0.0.1' },
  odd_subject: { ...long, issuer: 'ca', subject: '/CN=\u001b[2J\u202eevil', san: 'DNS:other.test' },
  self_signed: { ...long, san: here },
  unknown_ca: { ...long, issuer: 'other_ca', san: here },
  of_expired_ca: { ...long, issuer: 'expired_ca', san: here },
  of_intermediate: { ...long, issuer: 'intermediate', san: here },
  of_narrow_ca: { ...long, issuer: 'narrow_ca', san: here },
  of_leaf: { ...long, issuer: 'good', san: here },
  client_only: { ...long, issuer: 'ca', san: here, usage: 'clientAuth' },
  weak_key: { ...long, issuer: 'ca', san: here, key: ['rsa:1024'] },
  weak_digest: { ...long, issuer: 'ca', san: here, digest: 'sha1' },
};

const config = `
[ca]
default_ca = authority
[authority]
database = index.txt
new_certs_dir = .
rand_serial = yes
unique_subject = no
policy = policy
email_in_dn = no
[policy]
commonName = supplied
[req]
distinguished_name = name
string_mask = utf8only
[name]
`;

function extensions(spec) {
  const lines = [`basicConstraints=critical,CA:${spec.is_ca ? 'TRUE' : 'FALSE'}`, 'subjectKeyIdentifier=hash'];
  if (spec.is_ca) lines.push('keyUsage=critical,keyCertSign,cRLSign');
  else lines.push(`extendedKeyUsage=${spec.usage ?? 'serverAuth'}`);
  if (spec.san) lines.push(`subjectAltName=${spec.san}`);
  if (spec.more) lines.push(spec.more);
  return `${lines.join('\n')}\n`;
}

// Makes them all below `dir`; of(name) answers { key, cert } for tls, file(name) the certificate's path.
function makeCertificates(dir) {
  const openssl = (...args) => execFileSync('openssl', args, { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'] });
  fs.writeFileSync(path.join(dir, 'openssl.cnf'), config);
  fs.writeFileSync(path.join(dir, 'index.txt'), '');
  for (const [name, spec] of Object.entries(specs)) {
    fs.writeFileSync(path.join(dir, `${name}.ext`), extensions(spec));
    openssl('req', '-config', 'openssl.cnf', '-new', '-utf8', '-nodes', '-subj', spec.subject ?? `/CN=${name}`, '-newkey',
      ...(spec.key ?? ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256']), '-keyout', `${name}.key`, '-out', `${name}.csr`);
    const signer = spec.issuer ? ['-cert', `${spec.issuer}.pem`, '-keyfile', `${spec.issuer}.key`] : ['-selfsign', '-keyfile', `${name}.key`];
    openssl('ca', '-config', 'openssl.cnf', '-batch', '-notext', '-md', spec.digest ?? 'sha256', '-startdate', spec.from,
      '-enddate', spec.to, '-extfile', `${name}.ext`, ...signer, '-in', `${name}.csr`, '-out', `${name}.pem`);
  }
  const file = (name) => path.join(dir, `${name}.pem`);
  const read = (name) => fs.readFileSync(file(name));
  // `chain`: what is sent behind the certificate.
  const of = (name, chain = []) => ({
    key: fs.readFileSync(path.join(dir, `${name}.key`)),
    cert: Buffer.concat([name, ...chain].map(read)),
  });
  return { file, of };
}

module.exports = { makeCertificates };
