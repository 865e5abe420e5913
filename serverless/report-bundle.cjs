// An esbuild plugin: prints the size of the handler's bundle and leaves the list of its inputs beside the package, for a
// test.

const { mkdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const PACKAGE = join(__dirname, '..', '.serverless');

module.exports = [
  {
    name: 'report-bundle',
    setup(build) {
      // Set here and not in serverless.yml: there, the list would be packed into the function.
      build.initialOptions.metafile = true;
      build.onEnd(({ metafile }) => {
        if (metafile === undefined) return;
        mkdirSync(PACKAGE, { recursive: true });
        writeFileSync(join(PACKAGE, 'bundle.json'), JSON.stringify(metafile));
        for (const [file, { bytes }] of Object.entries(metafile.outputs)) {
          process.stdout.write(`Bundle of ${file.split('/').pop()}: ${Math.ceil(bytes / 1000)} KB\n`);
        }
      });
    },
  },
];
