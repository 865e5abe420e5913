/** A block of commands on a page, and what the page shows them to print; `null` where it shows nothing. */
export type ShownStep = { readonly commands: string; readonly prints: string | null };

const STEP = /^```sh\n(.*?)^```$(?:\n\n^```text\n(.*?)^```$)?/gms;

/** The steps of a part of a page, in order: each `sh` block, with the `text` block right below it. */
export function shownSteps(text: string): readonly ShownStep[] {
  return [...text.matchAll(STEP)].map(([, commands = '', prints]) => ({ commands, prints: prints ?? null }));
}

/**
 * The page with what the commands printed, in place of what it shows; where only volatile parts differ, it stays as it is.
 *
 * @param printed The output of each step of {@link shownSteps}.
 */
export function withPrinted(text: string, printed: readonly string[]): string {
  let index = 0;
  return text.replaceAll(STEP, (block, commands: string, prints: string | undefined) => {
    const actual = printed[index++] ?? '';
    if (prints === undefined || comparable(prints) === comparable(actual)) return block;
    return `\`\`\`sh\n${commands}\`\`\`\n\n\`\`\`text\n${actual}\`\`\``;
  });
}

/**
 * A text without what differs from run to run: times, counts, durations, identifiers, the widths that follow from them, and
 * how many lines of progress there are.
 */
export function comparable(text: string): string {
  return (
    text
      .replaceAll(/\d{8}t\d{6}z[0-9a-f]{4}/g, 'SNAPSHOT')
      .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UUID')
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
      .replaceAll(/\d[\d,]*(?:\.\d+)?/g, 'N')
      .replaceAll(/\bN (?:ms|s|min)\b/g, 'N s')
      // Of one thing, the noun has no s.
      .replaceAll(/\bN (item|write|record|change|shard|row|value)\b/g, 'N $1s')
      .replaceAll(/ {2,}/g, ' ')
      .replaceAll(/─+/g, '─')
      .replaceAll(/^.* records, .*(?:behind|up to date).*\n/gm, '')
      .replaceAll(/^\w+: (?:comparing|rechecking).*\n/gm, '')
      // A busy machine's tail may not have read everything yet.
      .replaceAll(/^lag .*/gm, 'lag')
  );
}
