import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

// Made for this file alone, with `openssl req -x509 -newkey ec … -days 36500 -nodes -subj /CN=nobody`.
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgttgvxOlvxYcYRSH2
ZVZfQB/H2a0kOM1P/JubZxZoYPChRANCAAQPfU4R9bWVnfgAZTJA+gFAAlRb7LG7
PoqPz6FuP05PABfCWM9UgcXLD2f0RxzmEuE3i8NeQRZR+RZ+csOk1/Zp
-----END PRIVATE KEY-----`;
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBeTCCAR+gAwIBAgIUBhsJNCN4VGmEzbWS75kONC6+NAAwCgYIKoZIzj0EAwIw
ETEPMA0GA1UEAwwGbm9ib2R5MCAXDTI2MTEyMzAzMDUxMloYDzIxMjYxMDMwMDMw
NTEyWjARMQ8wDQYDVQQDDAZub2JvZHkwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
AAQPfU4R9bWVnfgAZTJA+gFAAlRb7LG7PoqPz6FuP05PABfCWM9UgcXLD2f0Rxzm
EuE3i8NeQRZR+RZ+csOk1/Zpo1MwUTAdBgNVHQ4EFgQUmwgGJYaX+54rcFx/EwnS
7ey8gXowHwYDVR0jBBgwFoAUmwgGJYaX+54rcFx/EwnS7ey8gXowDwYDVR0TAQH/
BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEAkdWxq75rM5H0neSOGjoGi5cdhRy3
AcGwM0wh0RLZ5O0CIA2ihvpN9oioynfErMaAje0fkcvEX5pW/Unku4aYVWwi
-----END CERTIFICATE-----`;

/** A server with a certificate that no authority has signed. Disposing of it stops it. */
export async function startUntrustedHttps(): Promise<AsyncDisposable & { readonly endpoint: string }> {
  const server = createServer({ key: KEY, cert: CERTIFICATE }, (_, response) => response.end('{}'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `https://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
