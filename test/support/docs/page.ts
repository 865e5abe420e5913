import { readFile } from 'node:fs/promises';

/** A page of the documentation, and what can be checked of it. */
export type DocsPage = {
  readonly text: string;
  /** The arguments of each `tailrace` command that it shows in a block of its own. */
  readonly commands: readonly (readonly string[])[];
  /** Targets of its links within the documentation. */
  readonly links: readonly string[];
  /** Whether a link of it leads to a heading that is there. Throws where there is no such page. */
  leads(link: string): Promise<boolean>;
};

const DOCS = new URL('../../../docs/', import.meta.url);

/** Reads a page by its file's name. */
export async function docsPage(name: string): Promise<DocsPage> {
  const text = await readFile(new URL(name, DOCS), 'utf8');
  return {
    text,
    // Those of a page quote nothing, and what a shell does with their output is its own.
    commands: [...text.matchAll(/^(?:.* \| )?(?:npx )?tailrace ([^>\n]+)(?:>.*)?$/gm)].map(([, line = '']) =>
      line.trim().split(/\s+/),
    ),
    links: [...text.matchAll(/\]\((?!https?:)([^)]*)\)/g)].map(([, link = '']) => link),
    async leads(link) {
      const [file = '', anchor = ''] = link.split('#');
      const target = file === '' ? text : await readFile(new URL(file, DOCS), 'utf8');
      return anchor === '' || anchorsOf(target).includes(anchor);
    },
  };
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchorsOf(page: string): readonly string[] {
  return [...page.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^a-z0-9 -]/g, '')
      .replaceAll(' ', '-'),
  );
}
