import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { profileNames } from '../../../src/source/aws-profiles.ts';
import { temporaryFolder } from '../../support/vitest/temporary-folder.ts';

test('profiles are found in both files of the SDK, and other sections are none', () => {
  const folder = temporaryFolder();
  const config = join(folder, 'config');
  const credentials = join(folder, 'credentials');
  writeFileSync(
    config,
    '[default]\nregion=eu-west-1\n[profile sales]\n[ profile "two words" ]\n[sso-session s]\n[services x]\n',
  );
  writeFileSync(credentials, '[default]\n[build]\n# [commented]\n');

  expect(profileNames({ AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: credentials })).toEqual([
    'build',
    'default',
    'sales',
    'two words',
  ]);
});

test('files that are not there have no profiles', () => {
  expect(profileNames({ AWS_CONFIG_FILE: '/nowhere/a', AWS_SHARED_CREDENTIALS_FILE: '/nowhere/b' })).toEqual([]);
});
