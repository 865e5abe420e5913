import { shellWord } from '../next-step/shell-word.ts';

/** Directory of the schemas, where none is named. */
export const DEFAULT_SCHEMAS = 'schemas';

/** What a next command needs to read the same schemas: ` --schemas config/schemas`; nothing for the usual directory. */
export function schemasOption(schemas: string): string {
  return schemas === DEFAULT_SCHEMAS ? '' : ` --schemas ${shellWord(schemas, process.platform)}`;
}
