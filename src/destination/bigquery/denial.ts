import type { ApiFailure, Purpose } from './api.ts';

/** The permission that a refused request lacks, as a message names it, and what would grant it. */
type Denial = { readonly missing: string; readonly remedy: string };

/**
 * The parts of BigQuery's messages that are safe to show: permissions, and names of projects, datasets, tables and
 * accounts. They quote no values.
 * Source: <https://docs.cloud.google.com/bigquery/docs/error-messages>
 */
const PERMISSION = /(?:Permission|does not have) (bigquery\.[a-z]+\.[A-Za-z]+)/;
const NO_QUERYING = /does not have permission to query table/;
const RESOURCE = /(?:denied on|permission (?:in|on|for)|to query) (project|dataset|table) ([\w:.-]*[\w-])/;
const PRINCIPAL = /\buser ([\w.%+-]+@[\w.-]*\w) does not have/i;

/** The missing permission, account and resource as far as BigQuery names them; otherwise what the request needs. */
export function denialOf({ text, principal }: ApiFailure, { permission }: Purpose): Denial {
  const named = PERMISSION.exec(text)?.[1] ?? (NO_QUERYING.test(text) ? 'bigquery.tables.getData' : permission);
  const [, type, name] = RESOURCE.exec(text) ?? [];
  const who = PRINCIPAL.exec(text)?.[1] ?? principal;
  const to = who === null ? '' : ` to ${who}`;
  const on = name === undefined ? '' : ` on ${type} ${name}`;
  return {
    missing: `${named} is not granted${to}${on}`,
    remedy: `Grant it, for example by ${rolesOf(named)}, or give other credentials (GOOGLE_APPLICATION_CREDENTIALS).`,
  };
}

/** The roles of Google's that hold a permission, or several, such as `a or b`. */
function rolesOf(permission: string): string {
  const roles = [
    ...(permission.includes('bigquery.jobs.') ? ['roles/bigquery.jobUser on the project'] : []),
    ...(/bigquery\.(?!jobs\.)/.test(permission) ? ['roles/bigquery.dataEditor on the dataset'] : []),
  ];
  return roles.join(' and ');
}
