import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode } from './file-failure.ts';
import { inFolder } from './in-folder.ts';

/** A file to be written and then renamed into place. */
type Draft = { readonly path: string; readonly file: FileHandle };

/**
 * Replaces a file's text, whole or not at all: whenever the machine stops, the file holds either the old or the new.
 *
 * When it resolves, the text is on the disk: flushed, renamed into place, and the folder that names it flushed. Folders
 * that are missing are made. One writer at a time for each path: its draft is `<path>.new`, which the next one takes over
 * if a kill leaves it behind. Only its owner reads the file: such files hold records and keys.
 */
export function writeDurably(path: string, text: string): Promise<void> {
  return write(path, text, () => openDraft(`${path}.new`, 'w'));
}

/**
 * As {@link writeDurably}, for any number of writers of one path at a time, in this process and others: the last one's
 * text stays. Each has a draft of its own, `<path>.<process>-<number>.new`; one that a kill leaves behind disturbs no other.
 */
export function writeDurablyAmongOthers(path: string, text: string): Promise<void> {
  return write(path, text, () => openOwnDraft(path));
}

/** How often a file is renamed on Windows, and the first wait between two attempts: 1.4 seconds in all. */
const MAX_ATTEMPTS = 8;
const ATTEMPT_MS = 50;

/**
 * Renames a file that is written into its place, on the same disk, and replaces what is there. When it resolves, both the
 * file and its name are on the disk.
 */
export async function moveDurably(draft: string, path: string): Promise<void> {
  await flush(draft);
  await replace(draft, path);
  await flushFolder(dirname(path));
}

let drafts = 0;

/** Never takes an existing file: processes on two machines that share a folder may have the same id. */
async function openOwnDraft(path: string): Promise<Draft> {
  for (;;) {
    try {
      return await openDraft(`${path}.${process.pid}-${drafts++}.new`, 'wx');
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
    }
  }
}

async function openDraft(path: string, flags: 'w' | 'wx'): Promise<Draft> {
  return { path, file: await open(path, flags, 0o600) };
}

async function write(path: string, text: string, begin: () => Promise<Draft>): Promise<void> {
  const folder = dirname(path);
  const draft = await inFolder(folder, begin);
  try {
    await writeWhole(draft.file, text);
    await replace(draft.path, path);
  } catch (error) {
    // The first failure is the one to report.
    await rm(draft.path, { force: true }).catch(() => {});
    throw error;
  }
  await flushFolder(folder);
}

/** Closes the file too: Windows may refuse to rename one that is open. */
async function writeWhole(file: FileHandle, text: string): Promise<void> {
  await using _ = file;
  await file.writeFile(text);
  await file.sync();
}

async function flush(path: string): Promise<void> {
  await using file = await open(path, 'r+');
  await file.sync();
}

/** Windows refuses to replace a file that another process has open, such as a reader or a virus scanner: for a moment. */
async function replace(draft: string, path: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await rename(draft, path);
      return;
    } catch (error) {
      const isForNow =
        process.platform === 'win32' && ['EPERM', 'EACCES', 'EBUSY'].some((code) => hasCode(error, code));
      if (!isForNow || attempt === MAX_ATTEMPTS) throw error;
      await sleep(attempt * ATTEMPT_MS);
    }
  }
}

/** Windows opens no folders; a rename is as durable there as it gets. */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  await using handle = await open(folder, 'r');
  await handle.sync();
}
