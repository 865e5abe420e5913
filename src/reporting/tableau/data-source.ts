import type { TypedView } from '../../schema/typed-view.ts';
import { type XmlElement, xml, xmlDocument } from '../xml.ts';
import { captionsOf } from './caption.ts';
import { bracketed, connectionElement, type TableauConnection } from './connection.ts';
import { type FieldOfColumn, fieldsOf } from './field.ts';

/** The newest form of documents that every Tableau since 2018 opens. */
const DOCUMENT_VERSION = '18.1';

/**
 * A Tableau data source (`.tds`) over a typed view: a caption, a role, an aggregation and a format for each column.
 *
 * The same view and connection give the same text. Columns that Tableau can't show are hidden, see {@link hiddenColumns}.
 */
export function tableauDataSource(view: TypedView, connection: TableauConnection): string {
  const fields = fieldsOf(view, connection.kind);
  const captions = captionsOf(fields.map(({ column }) => column.name));
  return xmlDocument(
    xml(
      'datasource',
      {
        caption: view.name,
        'formatted-name': `federated.${view.name}`,
        inline: 'true',
        version: DOCUMENT_VERSION,
        'xmlns:user': 'http://www.tableausoftware.com/xml/user',
      },
      [
        connectionElement(view.name, connection),
        xml('aliases', { enabled: 'yes' }),
        ...fields.map((field, index) => columnElement(field, captions[index] ?? field.column.name)),
        xml('layout', { 'dim-ordering': 'ordinal', 'measure-ordering': 'ordinal', 'show-structure': 'true' }),
      ],
    ),
  );
}

/** A column that Tableau can't show, with why not in words that follow its name. */
export type HiddenColumn = { readonly name: string; readonly why: string };

/** The columns of a view that nobody sees in Tableau, but for Tailrace's own. */
export function hiddenColumns(view: TypedView, kind: TableauConnection['kind']): readonly HiddenColumn[] {
  return fieldsOf(view, kind).flatMap(({ column, field }) =>
    field.obstacle === undefined ? [] : [{ name: column.name, why: field.obstacle }],
  );
}

function columnElement({ column, field }: FieldOfColumn, caption: string): XmlElement {
  const { datatype, role, type, aggregation, format, obstacle, isTechnical = false } = field;
  return xml(
    'column',
    {
      aggregation,
      caption,
      datatype,
      ...(format !== undefined && { 'default-format': format }),
      ...((isTechnical || obstacle !== undefined) && { hidden: 'true' }),
      name: bracketed(column.name),
      role,
      type,
    },
    column.description === null ? [] : [descriptionElement(column.description)],
  );
}

/** What Tableau shows when a person rests on a field. */
function descriptionElement(text: string): XmlElement {
  return xml('desc', {}, [xml('formatted-text', {}, [xml('run', {}, text)])]);
}
