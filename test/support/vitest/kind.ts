import { expect } from 'vitest';
import type { ErrorKind } from '../../../src/errors.ts';

/** Matches a `TailraceError` of a kind whose message is one line for a person. */
export function kind(kind: ErrorKind) {
  return { name: 'TailraceError', kind, message: expect.stringMatching(/^[^\n]+$/) };
}
