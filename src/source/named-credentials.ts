import { existsSync } from 'node:fs';
import type { AwsSettings, Environment } from './aws-endpoints.ts';
import { profileFiles } from './aws-profiles.ts';

const CREDENTIAL_VARIABLES = [
  'AWS_ACCESS_KEY_ID',
  'AWS_PROFILE',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
];

/** Whether a setting, a variable or a file of the SDK's names credentials. */
export function namesCredentials({ profile }: AwsSettings, env: Environment): boolean {
  const { config, credentials } = profileFiles(env);
  return (
    profile !== undefined ||
    CREDENTIAL_VARIABLES.some((name) => env[name]) ||
    existsSync(credentials) ||
    existsSync(config)
  );
}
