import type { Root } from '../root.ts';
import type { Start } from '../start.ts';
import { declareGroup } from './group.ts';
import { declareCheck } from './schema-check.ts';
import { declareDbt } from './schema-dbt.ts';
import { declareDrift } from './schema-drift.ts';
import { declareFit } from './schema-fit.ts';
import { declareInfer } from './schema-infer.ts';

export function declareSchema(root: Root, start: Start): void {
  declareGroup(
    root,
    start,
    {
      noun: 'schema',
      description: 'The schema of a table: the file that says which columns its typed views have.',
      example: 'tailrace schema fit orders --destination duckdb:shop.duckdb',
    },
    [declareInfer, declareFit, declareDrift, declareCheck, declareDbt],
  );
}
