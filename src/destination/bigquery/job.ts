import type { Buffer } from 'node:buffer';
import { TailraceError } from '../../errors.ts';
import { ApiFailure, json, type Purpose } from './api.ts';
import type { Dataset } from './dataset.ts';
import { hasStatus, isPassing, toTailraceError } from './errors.ts';
import type { Job, JobConfiguration } from './resources.ts';
import { BLOCK_TYPE, blocksOf, uploadBlocks } from './resumable-upload.ts';
import { uploadBody } from './upload-body.ts';

/** A job for BigQuery, under an id of ours: BigQuery never runs an id twice. */
export type JobRequest = Purpose & {
  /** `[A-Za-z0-9_-]{1,1024}` */
  readonly id: string;
  readonly configuration: JobConfiguration;
  /** Rows to load, as newline-delimited JSON in parts. Called each time that they are sent. */
  readonly file?: () => Iterable<Buffer>;
  /** Whether what an earlier job of this id made is still there; if not, it is made again. @default it is there */
  readonly isMade?: () => Promise<boolean>;
  /** Aborting it ends the wait. The job itself continues. */
  readonly signal?: AbortSignal | undefined;
};

const FIRST_POLL_MS = 200;
const SLOWEST_POLL_MS = 5_000;
/** For sending a file. */
const UPLOAD_TIMEOUT_MS = 10 * 60 * 1000;
/** Attempts at a job that fails by BigQuery's own fault. */
const MAX_JOBS = 5;
const FIRST_PAUSE_MS = 1_000;

/**
 * Runs a job to its end. If its id was used before, the job was started before: its outcome counts, unless it failed.
 *
 * An id that failed stays failed. So a job that failed by BigQuery's own fault is started again under the next id, and
 * so is a job of an earlier process that failed for any reason: the reason may be gone.
 *
 * @throws {TailraceError} of a `destination-…` kind or `query-invalid` if it failed; `interrupted` when its signal aborts.
 */
export async function runJob(dataset: Dataset, request: JobRequest): Promise<Job> {
  const { isMade = async () => true } = request;
  let attempts = 0;
  for (let number = 1; ; number++) {
    const id = number === 1 ? request.id : `${request.id}_${number}`;
    const { job: started, isNew } = await start(dataset, { ...request, id });
    const job = await waitForEnd(dataset, request, started);
    const failure = jobFailure(job);
    if (failure === undefined && (isNew || (await isMade()))) return job;
    if (!isNew || failure === undefined) continue;
    attempts++;
    if (!isPassing(failure) || attempts === MAX_JOBS) throw toTailraceError(failure, request);
    await dataset.caller.clock.sleep(FIRST_PAUSE_MS * 2 ** (attempts - 1));
  }
}

/** Starts a job and gives it as it is then, or as it is now if it was started before. */
export async function startJob(dataset: Dataset, request: JobRequest): Promise<Job> {
  return (await start(dataset, request)).job;
}

/** Asks BigQuery to cancel a job, which it does soon; what the job did until then stays. */
export async function cancelJob(dataset: Dataset, { doing }: Purpose, id: string): Promise<void> {
  await dataset.caller.call({
    doing,
    permission: 'bigquery.jobs.update',
    method: 'POST',
    path: `jobs/${id}/cancel`,
    query: { location: await dataset.location() },
  });
}

/**
 * Why a job failed; `undefined` if it didn't. A job with `errors` alone didn't: one that succeeded has its warnings
 * there.
 *
 * Source: <https://docs.cloud.google.com/bigquery/docs/reference/rest/v2/Job#JobStatus>
 */
export function jobFailure({ status }: Job): ApiFailure | undefined {
  const result = status?.errorResult;
  if (result === undefined) return undefined;
  const { reason = 'unknown', location = null, message = '' } = result;
  return new ApiFailure({ status: 200, reason, location, text: message });
}

async function start(dataset: Dataset, request: JobRequest): Promise<{ readonly job: Job; readonly isNew: boolean }> {
  const location = await dataset.location();
  const resource = {
    jobReference: { projectId: dataset.path.project, jobId: request.id, location },
    configuration: { labels: { ...dataset.settings.labels }, ...request.configuration },
  };
  try {
    return { job: await insertJob(dataset, request, resource), isNew: true };
  } catch (error) {
    if (!hasStatus(error, 409)) throw error;
    return { job: await getJob(dataset, request, request.id), isNew: false };
  }
}

async function waitForEnd(dataset: Dataset, request: JobRequest, started: Job): Promise<Job> {
  const { signal } = request;
  let job = started;
  for (let wait = FIRST_POLL_MS; job.status?.state !== 'DONE'; wait = Math.min(wait * 2, SLOWEST_POLL_MS)) {
    await dataset.caller.clock.sleep(wait, signal);
    if (signal?.aborted)
      throw new TailraceError('interrupted', `The wait for BigQuery to ${request.doing} was interrupted`);
    job = await getJob(dataset, request, started.jobReference?.jobId ?? '');
  }
  return job;
}

/** Gives a job as it is now. */
export async function getJob(
  dataset: Dataset,
  { doing }: Purpose,
  id: string,
  { fields, until }: { readonly fields?: string; readonly until?: number } = {},
): Promise<Job> {
  return dataset.caller.call<Job>({
    doing,
    permission: 'bigquery.jobs.get',
    method: 'GET',
    path: `jobs/${id}`,
    query: { location: await dataset.location(), ...(fields && { fields }) },
    until,
  });
}

/** Files are sent one after the other, so that a block of one of them is in memory. */
function insertJob(dataset: Dataset, request: JobRequest, resource: object): Promise<Job> {
  const { doing, permission, file } = request;
  const { caller } = dataset;
  const call = { doing, permission, method: 'POST', path: 'jobs' } as const;
  if (file === undefined) return caller.call<Job>({ ...call, body: json(resource) });
  return dataset.uploads(() => {
    const upload = { ...call, upload: true, timeoutMs: UPLOAD_TIMEOUT_MS };
    for (const { bytes, isLast } of blocksOf(file())) {
      if (!isLast) break;
      const body = uploadBody(caller.random.hex(32), JSON.stringify(resource), [bytes]);
      return caller.call<Job>({ ...upload, query: { uploadType: 'multipart' }, body });
    }
    const start = {
      ...upload,
      query: { uploadType: 'resumable' },
      headers: { 'X-Upload-Content-Type': BLOCK_TYPE },
      body: json(resource),
    };
    return uploadBlocks(caller, start, () => blocksOf(file()));
  });
}
