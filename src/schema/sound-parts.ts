import type { z } from 'zod';
import { isObject } from '../value/is-object.ts';
import { type ColumnForm, columnForm, type SchemaForm, schemaForm, type ViewForm, viewForm } from './schema-form.ts';

/**
 * The parts of a schema file that are right by themselves, so that what depends on several of them is checked whatever else
 * is wrong. In the places of wrong columns and views stand harmless ones, which have their names where those are right.
 */
export function soundParts(file: unknown): SchemaForm {
  const { name, table, columns, views } = isObject(file) ? file : {};
  return {
    name: soundly(schemaForm.shape.name, name),
    table: soundly(schemaForm.shape.table, table),
    columns: listOf(columns).map((column, index) => soundColumn(column, `columns_${index}`)),
    views: listOf(views).map(soundView),
  };
}

function soundColumn(json: unknown, place: string): ColumnForm {
  return (
    soundly(columnForm, json) ?? harmless(soundly(columnForm.shape.name, isObject(json) ? json['name'] : null), place)
  );
}

function soundView(json: unknown, index: number): ViewForm {
  const place = `views_${index}`;
  const fields = isObject(json) ? json : {};
  const columns = listOf(fields['columns']).map((column, at) => soundColumn(column, `${place}_columns_${at}`));
  return (
    soundly(viewForm, { ...fields, columns }) ?? {
      name: soundly(viewForm.shape.name, fields['name']) ?? unlike(place),
      // It overlaps with no view, and no path leads below its list.
      unnest: unlike(place),
      columns: columns.map(({ name }, at) => harmless(name, `${place}_columns_${at}`)),
    }
  );
}

function harmless(name: string | undefined, place: string): ColumnForm {
  return { name: name ?? unlike(place), type: 'JSON', path: unlike(place) };
}

/** A name that no file has. */
function unlike(place: string): string {
  return `wrong_${place}`;
}

function soundly<T>(form: z.ZodType<T>, json: unknown): T | undefined {
  const read = form.safeParse(json);
  return read.success ? read.data : undefined;
}

function listOf(json: unknown): readonly unknown[] {
  return Array.isArray(json) ? json : [];
}
