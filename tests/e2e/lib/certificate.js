// SPDX-License-Identifier: Apache-2.0
//
// A certificate for localhost, signed by itself: for servers of the tests that are not plexctl's own.
'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

// Made below `dir`. `tls` is what a server of node takes; `trust` is the environment in which plexctl believes it.
function certificate(dir) {
  const keyFile = path.join(dir, 'localhost.key');
  const certFile = path.join(dir, 'localhost.pem');
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
    '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost',
    '-keyout', keyFile, '-out', certFile],
  { stdio: 'pipe' });
  const cert = fs.readFileSync(certFile);
  return { tls: { key: fs.readFileSync(keyFile), cert }, ca: cert, trust: { SSL_CERT_FILE: certFile } };
}

module.exports = { certificate };
