import type { ApiFailure, Purpose } from './api.ts';

/** What BigQuery refused for want of a permission, for a person, and what would grant it. */
export type Denial = { readonly missing: string; readonly remedy: string };

/**
 * The parts of BigQuery's sentences that name things. They quote no values: permissions, and names of projects, datasets,
 * tables and accounts.
 * Source: <https://docs.cloud.google.com/bigquery/docs/error-messages>
 */
const PERMISSION = /(?:Permission|does not have) (bigquery\.[a-z]+\.[A-Za-z]+)/;
const READING = /does not have permission to query table/;
const RESOURCE = /(?:denied on|permission (?:in|on|for)|to query) (project|dataset|table) ([\w:.-]*[\w-])/;
const PRINCIPAL = /\buser ([\w.%+-]+@[\w.-]*\w) does not have/i;

/** Which permission was missing, for whom and on what, as far as BigQuery says it; otherwise what the request needs. */
export function denialOf({ text, principal }: ApiFailure, { permission }: Purpose): Denial {
  const named = PERMISSION.exec(text)?.[1] ?? (READING.test(text) ? 'bigquery.tables.getData' : permission);
  const [, type, name] = RESOURCE.exec(text) ?? [];
  const who = PRINCIPAL.exec(text)?.[1] ?? principal;
  const to = who === null ? '' : ` to ${who}`;
  const on = name === undefined ? '' : ` on ${type} ${name}`;
  return {
    missing: `${named} is not granted${to}${on}`,
    remedy: `Grant it, for example by ${rolesOf(named)}, or give other credentials (GOOGLE_APPLICATION_CREDENTIALS).`,
  };
}

/** Google's own roles that hold a permission, or what stands for several of them. */
function rolesOf(permission: string): string {
  const roles = [
    ...(permission.includes('bigquery.jobs.') ? ['roles/bigquery.jobUser on the project'] : []),
    ...(/bigquery\.(?!jobs\.)/.test(permission) ? ['roles/bigquery.dataEditor on the dataset'] : []),
  ];
  return roles.join(' and ');
}
