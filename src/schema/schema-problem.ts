/** What is wrong with a schema file: where, from the file's root on, and what, in a phrase. */
export type SchemaProblem = { readonly at: readonly PropertyKey[]; readonly problem: string };

/** A place in a schema file as people write it: `views[1].columns[0].name`. */
export function placeText(at: readonly PropertyKey[]): string {
  const text = at.reduce<string>(
    (parent, key) =>
      typeof key === 'number' ? `${parent}[${key}]` : parent === '' ? String(key) : `${parent}.${String(key)}`,
    '',
  );
  return text === '' ? 'the file' : text;
}
