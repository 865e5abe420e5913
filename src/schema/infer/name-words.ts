/** A capital after a small letter or digit, the last of several capitals before a small letter, or anything but letters and digits. */
const BOUNDARY = /(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})|[^\p{L}\p{N}]+/u;

/**
 * The words of an attribute's name, in small letters without accents.
 *
 * ```text
 * createdAt, created_at, CREATED-AT  →  created, at
 * erstelltAm, Straße                 →  erstellt, am; strasse
 * ```
 */
export function nameWords(name: string): readonly string[] {
  return name
    .split(BOUNDARY)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase().replaceAll('ß', 'ss').normalize('NFD').replace(/\p{M}/gu, ''));
}

/** The words of a text as one name in snake case: letters, digits and low lines. Empty if it has none. */
export function snakeCase(text: string): string {
  return nameWords(text)
    .map((word) => word.replace(/[^a-z0-9]/g, ''))
    .filter((word) => word !== '')
    .join('_');
}
