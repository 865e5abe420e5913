import { z } from 'zod';
import { CLUSTER_TYPES, MAX_CLUSTER_COLUMNS } from './cluster-column.ts';
import { COLUMN_NAME, problemOfName } from './column-name.ts';
import { COLUMN_TYPES, type SchemaType } from './column-type.ts';
import { FORMAT_NAMES, isZone } from './value-format.ts';
import { problemOfViewName, VIEW_NAME } from './view-name.ts';

/** Source: <https://cloud.google.com/bigquery/docs/schemas#column_descriptions> */
const MAX_DESCRIPTION = 1024;

/** Source: <https://cloud.google.com/bigquery/docs/labels-intro#requirements> */
const LABEL_KEY = /^\p{Ll}[\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u;
const LABEL_VALUE = /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u;

/** What is said of a label's name that is none. */
export const LABEL_FORM = 'expected a label: a lower-case letter, then such letters, digits, _ and -';

/** Labels that Tailrace itself puts on its objects. */
const OWN_LABEL = /^tailrace/;

/** Source: <https://cloud.google.com/bigquery/docs/column-level-security> */
const POLICY_TAG = /^projects\/[^/\s]+\/locations\/[^/\s]+\/taxonomies\/[^/\s]+\/policyTags\/[^/\s]+$/;

const TYPES = Object.keys(COLUMN_TYPES) as [SchemaType, ...SchemaType[]];
const PATH_FORM =
  'expected text (one attribute of the item), or a list of names, indexes from 0, {"each": true} and {"json": true}';

/** NUL can't stand in a statement, and a lone surrogate in no JSON that any engine takes. */
const text = z.string().refine((value) => !value.includes('\0') && value.isWellFormed(), {
  error: 'holds NUL or a lone surrogate',
});

const step = z.union(
  [
    text,
    z.int({ error: PATH_FORM }).min(0, { error: PATH_FORM }),
    z.strictObject({ each: z.literal(true) }),
    z.strictObject({ json: z.literal(true) }),
  ],
  { error: PATH_FORM },
);

const path = z.union([text, z.array(step, { error: PATH_FORM }).min(1, { error: PATH_FORM })], { error: PATH_FORM });

const split = z
  .strictObject({
    separator: text.min(1, { error: 'expected text that is not empty' }),
    index: z.int({ error: 'expected a whole number: 0 is the first part, -1 the last' }),
  })
  .meta({
    description: 'Which part of the text is the value: parts lie between separators, 0 is the first, -1 the last.',
  });

/** The form of a column. */
export const columnForm = z.strictObject({
  name: z
    .string()
    .meta({ pattern: COLUMN_NAME.source, description: 'Name of the column in the typed view.' })
    .superRefine((name, { addIssue }) => {
      const problem = problemOfName(name);
      if (problem !== undefined) addIssue({ code: 'custom', message: problem });
    }),
  type: z
    .enum(TYPES, { error: `expected one of ${TYPES.join(', ')}` })
    .meta({ description: "BigQuery's word for it." }),
  mode: z
    .enum(['NULLABLE', 'REPEATED'], { error: 'expected NULLABLE or REPEATED: a view can never promise REQUIRED' })
    .optional()
    .meta({ description: 'REPEATED: the elements of a list or a set, each of the type.' }),
  description: text.max(MAX_DESCRIPTION).optional().meta({ description: 'Shown by the warehouse.' }),
  path: path
    .optional()
    .meta({ description: 'Where the value lies in the item, if not in the attribute of the same name.' }),
  format: z
    .enum(FORMAT_NAMES, { error: `expected one of ${FORMAT_NAMES.join(', ')}` })
    .optional()
    .meta({ description: 'How the value is written, if not as the type expects it.' }),
  zone: z
    .string()
    .refine(isZone, { error: 'expected the name of a time zone, such as Europe/Berlin or UTC' })
    .optional()
    .meta({ description: 'Time zone of local times, or of the day that is wanted. It is never assumed.' }),
  split: split.optional(),
  policyTags: z
    .array(z.string().regex(POLICY_TAG, { error: 'expected projects/P/locations/L/taxonomies/T/policyTags/N' }))
    .max(1, { error: 'expected one policy tag at most: BigQuery takes one for a column' })
    .optional()
    .meta({ description: "BigQuery's policy tag of the column in snapshots." }),
  cluster: z
    .boolean({ error: 'expected true or false' })
    .optional()
    .meta({
      description: `Whether snapshots are clustered by it: at most ${MAX_CLUSTER_COLUMNS} columns, of type ${CLUSTER_TYPES.join(', ')}.`,
    }),
});

const WHERE_FORM = 'expected a condition, or a list of conditions';

/** What is said of a value to compare with that is none. */
export const EQUALS_FORM = 'expected text, true, false, or a number of at most 15 digits';

/** Whether a double prints so few digits that it has every number of so many: what is compared is what the file says. */
export function isShortNumber(value: number): boolean {
  return /^-?(?:\d[.]?){1,15}$/.test(String(value));
}

const number = z.number().refine(isShortNumber, { error: EQUALS_FORM });

const condition = z
  .strictObject({
    path: path.meta({ description: 'Where the value lies in the item.' }),
    equals: z.union([text, number, z.boolean()], { error: EQUALS_FORM }).optional(),
    prefix: text.min(1, { error: 'expected text that is not empty' }).optional(),
    exists: z.boolean({ error: 'expected true or false' }).optional(),
  })
  .refine((one) => [one.equals, one.prefix, one.exists].filter((test) => test !== undefined).length === 1, {
    error: 'expected exactly one of equals, prefix and exists',
  });

const viewName = z
  .string()
  .meta({ pattern: VIEW_NAME.source, description: 'Name of the view.' })
  .superRefine((name, { addIssue }) => {
    const problem = problemOfViewName(name);
    if (problem !== undefined) addIssue({ code: 'custom', message: problem });
  });

/** The form of a view of kinds or of elements. */
export const viewForm = z.strictObject({
  name: viewName,
  where: z
    .union([condition, z.array(condition).min(1, { error: WHERE_FORM })], { error: WHERE_FORM })
    .optional()
    .meta({ description: 'Which items are in the view: those for which every condition holds.' }),
  unnest: path.optional().meta({ description: 'The list of which each element is a row of the view.' }),
  columns: z.array(columnForm).min(1, { error: 'expected at least one column' }),
});

/** The form of a schema file. What depends on more than one field is checked elsewhere. */
export const schemaForm = z.strictObject({
  $schema: z.string().optional(),
  table: z.string().optional().meta({ description: "The DynamoDB table's name: that of the file, without .json." }),
  name: viewName.optional().meta({ description: "Name of the typed view of all items, if not the table's." }),
  labels: z
    .record(
      z.string().regex(LABEL_KEY, { error: LABEL_FORM }),
      z.string().regex(LABEL_VALUE, { error: 'expected lower-case letters, digits, _ and -, at most 63' }),
    )
    .refine((labels) => !Object.keys(labels).some((key) => OWN_LABEL.test(key)), {
      error: "labels that begin with tailrace are Tailrace's own",
    })
    .optional()
    .meta({ description: 'Labels of the typed views in BigQuery.' }),
  columns: z.array(columnForm).optional().meta({ description: 'Columns of the typed view of all items, in order.' }),
  views: z.array(viewForm).optional().meta({ description: 'Views of kinds of items, and of the elements of lists.' }),
  ignore: z
    .array(path)
    .optional()
    .meta({ description: 'Paths that shall have no column: none is proposed for them, and they are no drift.' }),
});

export type SchemaForm = z.infer<typeof schemaForm>;

export type ColumnForm = z.infer<typeof columnForm>;

export type ViewForm = z.infer<typeof viewForm>;

export type ConditionForm = z.infer<typeof condition>;

/** JSON Schema of a schema file, for editors; stored in `schema.json` beside this file. */
export function jsonSchema(): object {
  return { ...z.toJSONSchema(schemaForm), title: 'Tailrace: the configuration of one DynamoDB table' };
}
