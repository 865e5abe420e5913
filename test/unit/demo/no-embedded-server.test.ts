import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { findServerProgram } from '../../../demo/server-program.ts';
import { temporaryFolder } from '../../support/vitest/temporary-folder.ts';

/** A machine that no package is for. */
const UNKNOWN = { platform: 'sunos', arch: 'sparc' } as const;

test("the server is that of the platform's package, whatever is on the PATH", () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'dynoxide'), '', { mode: 0o755 });

  const program = findServerProgram({ platform: process.platform, arch: process.arch, path: folder });

  expect(program).toContain(join('@dynoxide', `${process.platform}-${process.arch}`));
});

test('without a package, the server is the first dynoxide on the PATH that is a program', () => {
  const [empty, directory, text, first, second] = Array.from({ length: 5 }, () => temporaryFolder());
  mkdirSync(join(directory ?? '', 'dynoxide'));
  writeFileSync(join(text ?? '', 'dynoxide'), '', { mode: 0o644 });
  for (const folder of [first, second]) writeFileSync(join(folder ?? '', 'dynoxide'), '', { mode: 0o755 });

  const path = ['', empty, directory, text, first, second].join(delimiter);

  expect(findServerProgram({ ...UNKNOWN, path })).toBe(join(first ?? '', 'dynoxide'));
});

test('on Windows, the server on the PATH is dynoxide.exe', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'dynoxide.exe'), '', { mode: 0o755 });

  expect(findServerProgram({ platform: 'win32', arch: 'sparc', path: folder })).toBe(join(folder, 'dynoxide.exe'));
});

test('without any server, the message names what was looked for and the option for an endpoint', () => {
  expect(() => findServerProgram({ ...UNKNOWN, path: temporaryFolder() })).toThrow(
    expect.objectContaining({
      kind: 'config-invalid',
      message:
        'No embedded DynamoDB server is there for sunos-sparc: neither the package @dynoxide/sunos-sparc nor a dynoxide on the PATH',
      remedy: expect.stringContaining('npm start -- --endpoint-url http://127.0.0.1:8000'),
    }),
  );
});
