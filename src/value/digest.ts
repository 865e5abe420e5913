import { hash } from 'node:crypto';

/** 32 hexadecimal digits: 128 bits of SHA-256. */
export type Digest = string;

/** The digest of a canonical text. Equal items have equal digests, wherever they were read. */
export function digestOf(canonical: string): Digest {
  return hash('sha256', canonical, 'hex').slice(0, 32);
}
