import { type XmlElement, xml } from '../xml.ts';

/** Name of the schema in which Tableau looks for the tables of an extract. */
export const EXTRACT_SCHEMA = 'Extract';

/** Where Tableau reads the rows of a typed view. */
export type TableauConnection =
  | {
      readonly kind: 'bigquery';
      readonly project: string;
      readonly dataset: string;
      /** The project that Tableau's queries are billed to. @default `project` */
      readonly billedTo?: string | undefined;
    }
  /** `path` is the extract's file, from the data source's folder on. */
  | { readonly kind: 'extract'; readonly path: string; readonly table: string };

/** The connection of a data source to one view, as Tableau writes it. It has no credentials: Tableau asks for them. */
export function connectionElement(view: string, connection: TableauConnection): XmlElement {
  const { caption, className, attributes, table } = partsOf(view, connection);
  const leaf = `${className}.tailrace`;
  return xml('connection', { class: 'federated' }, [
    xml('named-connections', {}, [
      xml('named-connection', { caption, name: leaf }, [xml('connection', { class: className, ...attributes })]),
    ]),
    xml('relation', { connection: leaf, name: view, table, type: 'table' }),
  ]);
}

/** A name in Tableau's brackets. */
export function bracketed(name: string): string {
  return `[${name.replaceAll(']', ']]')}]`;
}

type Parts = {
  readonly caption: string;
  readonly className: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly table: string;
};

function partsOf(view: string, connection: TableauConnection): Parts {
  if (connection.kind === 'extract') {
    const { path, table } = connection;
    return {
      caption: path,
      className: 'hyper',
      attributes: {
        authentication: 'auth-none',
        dbname: path,
        'default-settings': 'yes',
        schema: EXTRACT_SCHEMA,
        sslmode: '',
        tablename: table,
        username: '',
      },
      table: `${bracketed(EXTRACT_SCHEMA)}.${bracketed(table)}`,
    };
  }
  const { project, dataset, billedTo = project } = connection;
  return {
    caption: `${project}.${dataset}`,
    className: 'bigquery',
    // Source: <https://help.tableau.com/current/pro/desktop/en-us/examples_googlebigquery.htm>
    attributes: {
      CATALOG: project,
      EXECCATALOG: billedTo,
      authentication: 'yes',
      'connection-dialect': 'google-sql',
      'connection-protocol': 'native-api',
      login_title: 'Sign in to Google BigQuery',
      project,
      schema: dataset,
      server: 'googleapis.com/bigquery',
      'server-oauth': '',
      username: '',
    },
    // As Tableau's metadata names such a table.
    table: `${bracketed(`${project}.${dataset}`)}.${bracketed(view)}`,
  };
}
