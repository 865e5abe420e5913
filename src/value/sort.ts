/** Up to this length insertion beats the general sort. Most sets and keys are shorter. */
const FEW = 24;

/** Orders texts by code unit. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether `a` comes after `b` by code unit. */
export function isAfter(a: string, b: string): boolean {
  return a > b;
}

/** Sorts `texts`, mostly a few, in place. */
export function sortFew(texts: string[], isAfter: (a: string, b: string) => boolean): string[] {
  if (texts.length > FEW) return texts.sort((a, b) => (isAfter(a, b) ? 1 : isAfter(b, a) ? -1 : 0));
  for (let end = 1; end < texts.length; end++) {
    const text = texts[end] as string;
    let at = end;
    for (; at > 0 && isAfter(texts[at - 1] as string, text); at--) texts[at] = texts[at - 1] as string;
    texts[at] = text;
  }
  return texts;
}

/** Sorts `texts` by code unit, in place. */
export function sortByCodeUnit(texts: string[]): string[] {
  return sortFew(texts, isAfter);
}
