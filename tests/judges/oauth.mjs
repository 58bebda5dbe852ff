// oauth4webapi, a client library that checks what the RFCs demand, walks every way to a token.

import { generateKeyPairSync } from 'node:crypto';
import * as oauth from 'oauth4webapi';
import { startService } from './service.mjs';

/** The judges speak to the service without TLS, on this machine. */
const PLAIN = { [oauth.allowInsecureRequests]: true };
const REACH = ['--role', 'vendor', '--province', '31'];

/** A key pair of each algorithm: its private half for the library, its public half for the service. */
function keys() {
  const kinds = { EdDSA: ['ed25519', {}], ES256: ['ec', { namedCurve: 'P-256' }], RS256: ['rsa', { modulusLength: 2048 }] };
  return Object.entries(kinds).map(([alg, [kind, options]]) => {
    const { publicKey, privateKey } = generateKeyPairSync(kind, options);
    return { alg, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), alg, use: 'sig', kid: alg } };
  });
}

const IMPORT = {
  EdDSA: { name: 'Ed25519' },
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
};

async function signing({ alg, privateKey }) {
  const der = privateKey.export({ format: 'der', type: 'pkcs8' });
  const key = await crypto.subtle.importKey('pkcs8', der, IMPORT[alg], false, ['sign']);
  // For Ed25519 the library writes the name of RFC 9864; our metadata promises that of RFC 8037.
  return oauth.PrivateKeyJwt({ key, kid: alg }, { [oauth.modifyAssertion]: (header) => { header.alg = alg; } });
}

async function granted(as, client, proof, parameters = {}) {
  const answer = await oauth.clientCredentialsGrantRequest(as, client, proof, new URLSearchParams(parameters), PLAIN);
  return oauth.processClientCredentialsResponse(as, client, answer);
}

async function introspected(as, client, proof, text) {
  const answer = await oauth.introspectionRequest(as, client, proof, text, PLAIN);
  return oauth.processIntrospectionResponse(as, client, answer);
}

/** The error code that the library reads from a refusal. */
async function refusal(work) {
  try {
    await work();
  } catch (failure) {
    // A 401 is told by its challenge; the reason stands in the body (RFC 6749, 5.2).
    return failure.error ?? (await failure.response?.json())?.error ?? String(failure);
  }
  return 'no refusal';
}

function same(found, wanted, what) {
  if (found !== wanted) throw new Error(`${what}: ${found} instead of ${wanted}`);
}

/** A token is one that this library accepts as a JWT access token (RFC 9068) by our published keys. */
async function validated(as, base, text, subject) {
  const request = new Request(`${base}/v1/centres`, { headers: { Authorization: `Bearer ${text}` } });
  const claims = await oauth.validateJwtAccessToken(as, request, as.issuer, PLAIN);
  same(claims.sub, subject, 'sub');
  same(claims.client_id, subject, 'client_id');
}

async function judge(report, { base, clients }, pairs) {
  let as = null;
  await report.check('oauth4webapi discovers the authorization server', async () => {
    const issuer = new URL(base);
    const found = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...PLAIN });
    as = await oauth.processDiscoveryResponse(issuer, found);
  });
  if (as === null) return;
  const { id, secret } = clients.secret;
  const client = { client_id: id };
  const proofs = { client_secret_basic: oauth.ClientSecretBasic(secret), client_secret_post: oauth.ClientSecretPost(secret) };
  for (const [name, proof] of Object.entries(proofs)) {
    await report.check(`oauth4webapi gets and validates a token by ${name}`, async () => {
      if (!as.token_endpoint_auth_methods_supported.includes(name)) throw new Error('not in the metadata');
      const { access_token: text } = await granted(as, client, proof, { scope: 'centre_read' });
      await validated(as, base, text, id);
    });
  }
  for (const pair of pairs) {
    await report.check(`oauth4webapi gets and validates a token by private_key_jwt with ${pair.alg}`, async () => {
      const signer = { client_id: clients.key.id };
      const { access_token: text } = await granted(as, signer, await signing(pair));
      await validated(as, base, text, signer.client_id);
    });
  }
  await judgeLife(report, as, client, proofs.client_secret_basic);
  await report.check('oauth4webapi reads why a token is refused', async () => {
    const code = (proof, parameters) => refusal(() => granted(as, client, proof, parameters));
    same(await code(oauth.ClientSecretBasic('wrong')), 'invalid_client', 'a wrong secret by Basic');
    same(await code(oauth.ClientSecretPost('wrong')), 'invalid_client', 'a wrong secret in the body');
    same(await code(proofs.client_secret_post, { scope: 'no_such' }), 'invalid_scope', 'an unknown scope');
    const [stranger] = keys();
    const signer = { client_id: clients.key.id };
    same(await refusal(async () => granted(as, signer, await signing(stranger))), 'invalid_client', 'a foreign key');
  });
}

/** A token is active until it is revoked, and not a moment longer. */
async function judgeLife(report, as, client, proof) {
  await report.check('oauth4webapi introspects a token, revokes it and finds it inactive', async () => {
    const { access_token: text } = await granted(as, client, proof);
    const before = await introspected(as, client, proof, text);
    same(before.active, true, 'active');
    same(before.client_id, client.client_id, 'client_id');
    await oauth.processRevocationResponse(await oauth.revocationRequest(as, client, proof, text, PLAIN));
    same((await introspected(as, client, proof, text)).active, false, 'active after the revocation');
    same((await introspected(as, client, proof, 'no token')).active, false, 'active of no token');
  });
}

export async function judgeOauth(report) {
  const pairs = keys();
  const service = await startService({
    clients: { secret: REACH, key: [...REACH, '--jwks', 'jwks.json'] },
    files: { 'jwks.json': { keys: pairs.map(({ jwk }) => jwk) } },
  });
  try {
    await judge(report, service, pairs);
  } finally {
    await service.stop();
  }
}
