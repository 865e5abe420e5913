import type { LocalInvocation } from '../../../invocation.ts';

export type SchemaInferOptions = LocalInvocation & {
  readonly table: string;
  /** As the user names it; empty if items don't come from it. */
  readonly destination: string;
  readonly from: 'table' | 'destination';
  /** Read instead of either; `-` is standard input. */
  readonly file: string | undefined;
  /** Key attributes, the partition key first. @default as the table or the destination tells them */
  readonly keys: readonly string[] | undefined;
  /** @default a sample's; a file is read whole */
  readonly maxItems: number | undefined;
  readonly maxReadUnits: number;
  /** Directory of the schemas. */
  readonly schemas: string;
  readonly write: boolean;
};
