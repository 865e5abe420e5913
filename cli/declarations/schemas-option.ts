import { DEFAULT_SCHEMAS } from '../options/same-schemas.ts';

/** The option that names the directory of the schemas. */
export const SCHEMAS_OPTION = [
  '--schemas <directory>',
  'directory of the schemas, one file TABLE.json per table',
  DEFAULT_SCHEMAS,
] as const;
