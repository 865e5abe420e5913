// Makes the archive of the functions: the handler as esbuild bundles it, and the files that `package.patterns` names. The
// framework alone would pack the sources, unbundled, with node_modules.
//
// It prints the size of the bundle and leaves what it was made of beside the package (bundle.json), where a test looks.

const { createWriteStream, globSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { basename, join, relative } = require('node:path');
const { pipeline } = require('node:stream/promises');
const { build } = require('esbuild');
const { ZipFile } = require('yazl');

const OPTIONS = {
  bundle: true,
  minify: true,
  platform: 'node',
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  // Part of Lambda's own runtime, and loaded only when a record is set aside.
  external: ['@aws-sdk/*'],
  // Google's client is CommonJS inside; as a module it has to be given `require`.
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  write: false,
  metafile: true,
};

// The same for all files and always: what has not changed makes the same archive, which the framework then need not deploy.
const FILE = { mtime: new Date(0), mode: 0o100644 };

class Bundle {
  constructor(serverless) {
    const make = () => makeArchive(serverless);
    this.hooks = {
      'before:package:createDeploymentArtifacts': make,
      'before:deploy:function:packageFunction': make,
    };
  }
}

/** Writes `.serverless/SERVICE.zip`, and tells the framework to take it for every function. */
async function makeArchive({ service, serviceDir }) {
  const bundles = await bundle(service, serviceDir);
  const archive = new ZipFile();
  for (const { path, contents } of bundles) archive.addBuffer(Buffer.from(contents), path, FILE);
  for (const path of globSync(service.package.patterns ?? [], { cwd: serviceDir })) {
    archive.addBuffer(readFileSync(join(serviceDir, path)), path, FILE);
  }
  archive.end();
  service.package.artifact = join(serviceDir, '.serverless', `${service.service}.zip`);
  await pipeline(archive.outputStream, createWriteStream(service.package.artifact));
}

/** One bundle for each file that holds handlers; its path is relative to the service. */
async function bundle(service, serviceDir) {
  const handlers = service.getAllFunctions().map((name) => service.getFunction(name).handler);
  const { outputFiles, metafile } = await build({
    ...OPTIONS,
    entryPoints: [...new Set(handlers.map((handler) => handler.replace(/\.\w+$/, '.ts')))],
    target: service.provider.runtime.replace(/^nodejs(\d+)\.x$/, 'node$1'),
    absWorkingDir: serviceDir,
    outbase: serviceDir,
    outdir: serviceDir,
  });
  mkdirSync(join(serviceDir, '.serverless'), { recursive: true });
  writeFileSync(join(serviceDir, '.serverless', 'bundle.json'), JSON.stringify(metafile));
  return outputFiles.map(({ path, contents }) => {
    process.stdout.write(`Bundle of ${basename(path)}: ${Math.ceil(contents.length / 1000)} KB\n`);
    return { path: relative(serviceDir, path), contents };
  });
}

module.exports = Bundle;
