import { TailraceError } from '../../../../src/errors.ts';
import type { ItemFacts } from '../../../../src/schema/infer/item-facts.ts';
import { factsOfAll } from '../../../../src/schema/infer/kinds.ts';
import type { ProposedSchema } from '../../../../src/schema/infer/proposal.ts';
import { likeliestName } from '../../../../src/schema/likeliest-path.ts';
import { shellWord } from '../../../next-step/shell-word.ts';
import type { SchemaInferOptions } from './infer-options.ts';
import type { ItemsRead } from './read-items.ts';

/**
 * Refuses to propose anything from no items: what it writes would be no schema.
 *
 * @throws {TailraceError} `usage-invalid` that names where items can come from.
 */
export function requireItems(
  { facts, from }: Pick<ItemsRead, 'facts' | 'from'>,
  { table, file, destination }: Pick<SchemaInferOptions, 'table' | 'file' | 'destination'>,
): void {
  if (facts.items > 0) return;
  const [where, remedy] = {
    file: [
      file === '-' ? 'Standard input' : (file ?? ''),
      `Give items, such as \`aws dynamodb scan --table-name ${table} --max-items 1000\` prints. If a command should have, see what it says itself.`,
    ],
    table: [table, 'Put items into the table first, or name a file with --file.'],
    destination: [
      `The latest view of ${table} in ${destination}`,
      `Load the items that the table has: \`tailrace backfill ${table}\`. Or leave out --from: then items are read in the table.`,
    ],
  }[from];
  throw new TailraceError('usage-invalid', `${where} has no items: nothing is known of their attributes`, {
    remedy: remedy ?? '',
  });
}

/**
 * Refuses a proposal without columns, which is no schema.
 *
 * @throws {TailraceError} `usage-invalid`
 */
export function requireColumns({ columns, views = [] }: ProposedSchema): void {
  if (columns.length + views.length > 0) return;
  throw new TailraceError('usage-invalid', 'The items have no attribute of which a column can be made', {
    remedy: 'Name the attributes of the key with --keys: they have columns whatever their names.',
  });
}

/**
 * Refuses keys that no item has: every item of a table has its key.
 *
 * @throws {TailraceError} `usage-invalid` that names the attribute that was probably meant.
 */
export function requireKeys(facts: ItemFacts, keys: readonly string[] = []): void {
  const names = [...factsOfAll(facts).attributes.keys()];
  const meant = keys.map((key) => (names.includes(key) ? key : likeliestName(key, names)));
  const wrong = keys.flatMap((key) => (names.includes(key) ? [] : [JSON.stringify(key)]));
  if (wrong.length === 0) return;
  throw new TailraceError('usage-invalid', `--keys: no item has an attribute ${wrong.join(' or ')}`, {
    remedy: meant.includes(undefined)
      ? 'Name the attributes of the key as items spell them, the partition key first.'
      : `Give --keys ${shellWord(meant.join(','), process.platform)} if that is the key.`,
  });
}
