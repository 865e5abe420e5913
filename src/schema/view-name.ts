import { RESERVED_PREFIX } from '../names/object-names.ts';

/** Names of views that every warehouse takes, and that never need to be escaped in an address. */
export const VIEW_NAME = /^[A-Za-z0-9_]+$/;

/** Leaves room for a table's name in BigQuery, which takes 1,024 bytes; nobody can read more than this. */
const MAX_LENGTH = 300;

/** Endings and middles of the names of a table's own objects. */
const OWN = /_(?:changelog|state|latest)$|_snapshot_/i;

/** Why `name` can't name a typed view, in a phrase; `undefined` if it can. */
export function problemOfViewName(name: string): string | undefined {
  const shown = JSON.stringify(name.length > 40 ? `${name.slice(0, 40)}…` : name);
  if (name.length > MAX_LENGTH)
    return `${shown} has ${name.length} characters, and a view's name at most ${MAX_LENGTH}`;
  if (!VIEW_NAME.test(name)) return `${shown} isn't a view's name (letters, digits and _)`;
  if (name.toLowerCase().startsWith(RESERVED_PREFIX)) return `${shown} begins with ${RESERVED_PREFIX}, Tailrace's own`;
  return OWN.test(name) ? `${shown} is the name of an object of Tailrace's own` : undefined;
}
