import { TailraceError } from '../errors.ts';
import { LEDGER } from '../names/object-names.ts';
import type { Annotation } from './annotation.ts';
import type { KnownChangelog, RememberedTable } from './known-table.ts';

/**
 * Refuses a changelog in the form of another version of Tailrace: its rows mean something else, so nothing may be read
 * from it or added to it.
 *
 * @param destination As a user names it, such as `duckdb:shop.duckdb`.
 * @throws {TailraceError} `destination-conflict` with the way out.
 */
export function requireThisFormat(table: RememberedTable, destination?: string): KnownChangelog {
  const { source, changelog } = table;
  if (changelog !== null) return { ...table, changelog };
  const { name } = source;
  throw new TailraceError(
    'destination-conflict',
    `${destination ?? 'The destination'} has table ${name} in the form of another version of Tailrace`,
    {
      context: { table: name },
      remedy:
        `Run \`tailrace remove ${name}\`, which drops it, then \`tailrace setup ${name}\` and \`tailrace backfill ${name}\`. ` +
        'To keep it, use another dataset or file.',
    },
  );
}

/**
 * Refuses a ledger in the form of another version of Tailrace. It goes with the last table of that form.
 *
 * @param ledger Its annotation; `undefined` if there is no ledger, or it isn't Tailrace's.
 * @param known The tables that changelogs remember.
 * @param drop The command that drops the ledger.
 * @throws {TailraceError} `destination-conflict` with the way out.
 */
export function refuseOtherLedger(
  ledger: Annotation | undefined,
  known: readonly RememberedTable[],
  drop: string,
): void {
  if (ledger?.of !== 'ledger' || ledger.isOther !== true) return;
  const others = known.filter(({ changelog }) => changelog === null).map(({ source }) => source.name);
  const removals = others.map((name) => `\`tailrace remove ${name}\``).join(', ');
  throw new TailraceError('destination-conflict', `${LEDGER} has the form of another version of Tailrace`, {
    context: { object: LEDGER },
    remedy:
      others.length === 0
        ? `No table is left of that version: run \`${drop}\`, then the same again.`
        : `Run ${removals}: the last one drops it. To keep what is there, use another dataset or file.`,
  });
}
