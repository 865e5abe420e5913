import { createRequire } from 'node:module';
import path from 'node:path';
import { nodePackages, pythonEnvironment } from '../cached-install.ts';

/** How a server is started on 127.0.0.1: a program and its arguments, in which `{port}` stands for its port. */
export type Launch = {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
};

/** A DynamoDB-compatible server that people develop against. */
export type ServerKind = {
  readonly name: string;
  readonly version: string;
  /** Installs it unless it is there. Throws if it can't be had. */
  install(): Promise<Launch>;
};

const DYNOXIDE = '1.2.1';
const MOTO = '5.2.5';
const MINISTACK = '1.5.33';
const DYNALITE = '4.0.0';

/** The one that `npm start` runs, and all that a script can install. */
export const SERVER_KINDS: readonly ServerKind[] = [
  {
    name: 'dynoxide',
    version: DYNOXIDE,
    async install() {
      const binary = createRequire(import.meta.url).resolve('@dynoxide/linux-x64/package.json');
      return {
        program: path.join(path.dirname(binary), 'dynoxide'),
        args: ['--host', '127.0.0.1', '--port', '{port}'],
        env: {},
      };
    },
  },
  {
    name: 'moto',
    version: MOTO,
    async install() {
      const environment = await pythonEnvironment([`moto[server]==${MOTO}`]);
      return {
        program: path.join(environment, 'bin/python'),
        args: ['-c', 'from moto.server import main; main()', '-H', '127.0.0.1', '-p', '{port}'],
        env: {},
      };
    },
  },
  {
    name: 'ministack',
    version: MINISTACK,
    async install() {
      const environment = await pythonEnvironment([`ministack==${MINISTACK}`]);
      return {
        program: path.join(environment, 'bin/python'),
        args: ['-c', 'from ministack.app import main; main()'],
        env: { GATEWAY_PORT: '{port}', BIND_HOST: '127.0.0.1' },
      };
    },
  },
  {
    name: 'dynalite',
    version: DYNALITE,
    async install() {
      const directory = await nodePackages([`dynalite@${DYNALITE}`]);
      return {
        program: process.execPath,
        args: [path.join(directory, 'node_modules/dynalite/cli.js'), '--host', '127.0.0.1', '--port', '{port}'],
        env: {},
      };
    },
  },
];
