import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import {
  type AnswerPolicy,
  MESSAGES,
  OTHER_ANSWERS,
  REASONS,
  ROW_ANSWERS,
  STATUSES,
} from '../../../src/destination/bigquery/answers.ts';
import { type ErrorPolicy, POLICIES } from '../../../src/error-policy.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const PAGE = join(ROOT, 'docs/operations.md');

const ACTIONS = { retry: 'retry', 'set-aside': 'set aside', halt: 'halt' } as const satisfies Record<
  ErrorPolicy['action'],
  string
>;

/** The page's names for answers without a reason or a status of their own. */
const OTHER_NAMES: Readonly<Record<keyof typeof OTHER_ANSWERS, string>> = {
  noAnswer: 'no whole answer: refused, reset, broken off, no such host, no TLS, too late',
  serverError: 'any other status from 500 on, but 501 and 505',
  tooLarge: '400 with "request payload size exceeds"',
  anythingElse: 'anything else',
};

const MESSAGE_NAMES: Readonly<Record<keyof typeof MESSAGES, string>> = {
  sandbox: '`accessDenied` with "not allowed in the free tier" or "billing has not been enabled"',
  queryQuota: '`quotaExceeded` with "custom quota for QueryUsage…" or "quota for free query bytes"',
  loadQuota: '`quotaExceeded` with "quota for imports or query appends per table" or "load jobs per table"',
};

const ROW_NAMES: Readonly<Record<keyof typeof ROW_ANSWERS, string>> = {
  stopped: 'a row: `stopped`',
  noSuchField: 'a row: "no such field", of a column of the changelog',
  passing: 'a row: a reason that passes, such as `backendError`',
  anythingElse: 'a row: any other reason, such as `invalid`',
};

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function kinds(): string {
  return table(
    ['kind', 'action', 'what to do'],
    Object.entries(POLICIES).map(([kind, { action, remedy }]) => [`\`${kind}\``, ACTIONS[action], remedy]),
  );
}

function answers(): string {
  const named: (readonly [string, AnswerPolicy])[] = [
    ...Object.entries(REASONS).map(([reason, policy]) => [`\`${reason}\``, policy] as const),
    ...Object.entries(STATUSES).map(([status, policy]) => [status, policy] as const),
    ...Object.entries(MESSAGE_NAMES).map(
      ([name, words]) => [words, MESSAGES[name as keyof typeof MESSAGES].policy] as const,
    ),
    ...Object.entries(OTHER_NAMES).map(
      ([name, words]) => [words, OTHER_ANSWERS[name as keyof typeof OTHER_ANSWERS]] as const,
    ),
    ...Object.entries(ROW_NAMES).map(
      ([name, words]) => [words, ROW_ANSWERS[name as keyof typeof ROW_ANSWERS]] as const,
    ),
  ];
  const byPolicy = Map.groupBy(named, ([, { kind, first = '', remedy = POLICIES[kind].remedy }]) =>
    [first, `\`${kind}\``, ACTIONS[POLICIES[kind].action], remedy].join(' | '),
  );
  return table(
    ['answer', 'first', 'then it is', 'action', 'what to do'],
    [...byPolicy].map(([policy, group]) => [group.map(([name]) => name).join(', '), policy]),
  );
}

function withBlock(page: string, name: string, content: string): string {
  const block = new RegExp(`(<!-- ${name}: .*? -->\n)[\\s\\S]*?(?=<!-- end -->)`);
  expect(page).toMatch(block);
  return page.replace(block, (_, start: string) => `${start}\n${content}\n\n`);
}

// Run it with --update to rewrite the page.
test('docs/operations.md shows every kind and every answer with its policy, word for word', async () => {
  const page = await readFile(PAGE, 'utf8');

  const expected = withBlock(withBlock(page, 'kinds', kinds()), 'answers', answers());

  await expect(expected).toMatchFileSnapshot(PAGE);
});

test('docs/operations.md explains every log line, and no other', async () => {
  const written = new Set<string>();
  for (const folder of ['src', 'backfill']) {
    for (const file of await readdir(join(ROOT, folder), { recursive: true })) {
      if (!file.endsWith('.ts')) continue;
      const source = await readFile(join(ROOT, folder, file), 'utf8');
      for (const [, message = ''] of source.matchAll(/\blog\.(?:info|warn|error)\(\s*'([^']+)'/g)) written.add(message);
    }
  }
  const [, section = ''] = (await readFile(PAGE, 'utf8')).split('\n## Log lines\n');
  const explained = [...(section.split('\n## ')[0] ?? '').matchAll(/^\| `([^`]+)` \| (?:info|warn|error) \|/gm)];

  expect(written.size).toBeGreaterThan(8);
  expect(explained.map(([, message]) => message).sort()).toEqual([...written].sort());
});
