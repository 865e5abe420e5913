/** Words that Tableau's own names for fields write so. */
const INITIALS: Readonly<Record<string, string>> = { id: 'ID', url: 'URL' };

/**
 * Names for people, one for each of `names`, in their order: `order_id` and `orderId` become `Order ID`. Two that would be
 * the same stay as they are.
 */
export function captionsOf(names: readonly string[]): readonly string[] {
  const captions = names.map(captionOf);
  const uses = new Map<string, number>();
  for (const caption of captions) uses.set(caption.toLowerCase(), (uses.get(caption.toLowerCase()) ?? 0) + 1);
  return captions.map((caption, index) =>
    uses.get(caption.toLowerCase()) === 1 ? caption : (names[index] ?? caption),
  );
}

/** The words of a name, in lower case: those between `_`, and those that begin with a capital letter. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .split(/[_\s]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
}

function captionOf(name: string): string {
  const text = wordsOf(name)
    .map((word) => INITIALS[word] ?? word)
    .join(' ');
  return text === '' ? name : text.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
}
