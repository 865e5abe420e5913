import { hash } from 'node:crypto';

/** 32 hexadecimal digits: 128 bits of SHA-256. */
export type Digest = string;

/** The digest of a canonical text, given as text or in UTF-8. Equal items have equal digests, wherever they were read. */
export function digestOf(canonical: string | Uint8Array): Digest {
  return hash('sha256', canonical, 'hex').slice(0, 32);
}
