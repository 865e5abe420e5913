import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

/** A snippet of docs/library.md, with the output that the page shows. */
export type Snippet = { readonly name: string; readonly code: string; readonly prints: string };

/** The page's TypeScript snippets, in order, named after their headings. */
export async function librarySnippets(): Promise<readonly Snippet[]> {
  const page = await readFile(resolve(import.meta.dirname, '../../../docs/library.md'), 'utf8');
  return page.split(/^## /m).flatMap((section) => {
    const code = /^```ts\n(.*?)^```$/ms.exec(section)?.[1];
    const prints = /^```text\n(.*?)^```$/ms.exec(section)?.[1] ?? '';
    const name =
      section
        .split('\n')[0]
        ?.toLowerCase()
        .replace(/[^a-z]+/g, '-') ?? '';
    return code === undefined ? [] : [{ name, code, prints }];
  });
}

/** A plain and strict tsconfig, which must be enough to use the package. */
export const CONSUMER_TSCONFIG = {
  compilerOptions: {
    target: 'es2024',
    lib: ['es2024', 'esnext.disposable'],
    module: 'nodenext',
    types: ['node'],
    strict: true,
    noEmit: true,
  },
  include: ['*.ts'],
};

/** The environment in which the snippet with the whole handler starts. */
export const CONSUMER_ENVIRONMENT = {
  TAILRACE_STREAM_ARN: 'arn:aws:dynamodb:eu-central-1:123456789012:table/Orders/stream/2026-01-02T03:04:05.678',
  TAILRACE_DESTINATION: 'bigquery:my-shop.tailrace',
  TAILRACE_DEAD_LETTER_BUCKET: 'my-shop-failures',
  TAILRACE_BIGQUERY_ENDPOINT: 'http://127.0.0.1:1',
};
