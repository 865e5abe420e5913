/** Where insertion beats the general sort: attribute names of an item are mostly fewer. */
const FEW = 24;

/** Orders texts by code unit. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Sorts `texts` by code unit, in place. */
export function sortByCodeUnit(texts: string[]): string[] {
  if (texts.length > FEW) return texts.sort();
  for (let end = 1; end < texts.length; end++) {
    const text = texts[end] as string;
    let at = end;
    for (; at > 0 && (texts[at - 1] as string) > text; at--) texts[at] = texts[at - 1] as string;
    texts[at] = text;
  }
  return texts;
}
