import { readFile } from 'node:fs/promises';

/** Pages whose queries run on every destination, as they stand there. */
const PAGES = ['README.md', 'docs/from-zero-to-a-dashboard.md'];

/** The SQL of each `tailrace query` that a newcomer's pages show. */
export async function shownQueries(): Promise<readonly string[]> {
  const pages = await Promise.all(PAGES.map((page) => readFile(new URL(`../../../${page}`, import.meta.url), 'utf8')));
  return pages.flatMap((page) => [...page.matchAll(/^npx tailrace query (.*)$/gm)].map(([, rest = '']) => sqlIn(rest)));
}

/** The first word, as a shell reads it. Within double quotes a shell would replace a dollar sign and a backtick. */
function sqlIn(words: string): string {
  const [, double, single] = /^(?:"([^"$`\\]*)"|'([^']*)')(?: |$)/.exec(words) ?? [];
  const sql = double ?? single;
  if (sql === undefined) throw new Error(`${words} has no statement that a shell reads as one word`);
  return sql;
}
