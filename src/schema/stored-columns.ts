import { isObject } from '../value/is-object.ts';
import { COLUMN_TYPES } from './column-type.ts';
import type { TypedColumn } from './typed-column.ts';
import { FORMATS } from './value-format.ts';

/** Reads typed columns out of JSON; `undefined` if it isn't a list of them. */
export function readTypedColumns(json: unknown): readonly TypedColumn[] | undefined {
  return Array.isArray(json) && json.every(isTypedColumn) ? json : undefined;
}

function isTypedColumn(json: unknown): json is TypedColumn {
  if (!isObject(json)) return false;
  const { name, type, path, cluster, mode, format, zone, split, policyTags, test, elements } = json;
  return (
    typeof name === 'string' &&
    typeof cluster === 'boolean' &&
    typeof type === 'string' &&
    Object.hasOwn(COLUMN_TYPES, type) &&
    Array.isArray(path) &&
    path.every(isStep) &&
    (mode === undefined || mode === 'REPEATED') &&
    (format === undefined || (typeof format === 'string' && Object.hasOwn(FORMATS, format))) &&
    (zone === undefined || typeof zone === 'string') &&
    (split === undefined || isSplit(split)) &&
    (policyTags === undefined || (Array.isArray(policyTags) && policyTags.every((tag) => typeof tag === 'string'))) &&
    (test === undefined || isTest(test)) &&
    (elements === undefined || (Array.isArray(elements) && elements.every(isTypedColumn)))
  );
}

function isStep(step: unknown): boolean {
  if (typeof step === 'string' || Number.isSafeInteger(step)) return true;
  return isObject(step) && (step['each'] === true || step['json'] === true);
}

function isSplit(split: unknown): boolean {
  return isObject(split) && typeof split['separator'] === 'string' && Number.isSafeInteger(split['index']);
}

function isTest(test: unknown): boolean {
  if (!isObject(test)) return false;
  const { equals, prefix, exists } = test;
  return (
    ['string', 'number', 'boolean'].includes(typeof equals) || typeof prefix === 'string' || typeof exists === 'boolean'
  );
}
