import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from './aws-endpoints.ts';

/** Paths of the two files in which the SDK finds profiles. */
export function profileFiles(env: Environment): { readonly config: string; readonly credentials: string } {
  const directory = join(homedir(), '.aws');
  return {
    config: env['AWS_CONFIG_FILE'] ?? join(directory, 'config'),
    credentials: env['AWS_SHARED_CREDENTIALS_FILE'] ?? join(directory, 'credentials'),
  };
}

/** The names of the profiles in the SDK's files, in order; a file that can't be read has none. */
export function profileNames(env: Environment): readonly string[] {
  const { config, credentials } = profileFiles(env);
  const names = [
    ...[...textOf(config).matchAll(/^\s*\[\s*(?:profile\s+)?([^\]]+?)\s*\]/gm)],
    ...[...textOf(credentials).matchAll(/^\s*\[\s*([^\]]+?)\s*\]/gm)],
  ].map(([, name = '']) => name.replace(/^(["'])(.*)\1$/, '$2'));
  return [...new Set(names)].filter((name) => !/^(?:sso-session|services) /.test(name)).sort();
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
