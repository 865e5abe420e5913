import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { startFauxqs } from 'fauxqs';

/** An S3 server inside the test's own process. Disposing of it stops it; it keeps nothing on disk. */
export interface FakeS3 extends AsyncDisposable {
  readonly endpointUrl: string;
  readonly client: S3Client;
  createBucket(name: string): void;
  putObject(bucket: string, key: string, text: string): Promise<void>;
  /** Every object of a bucket: its text by its key. */
  objects(bucket: string): Promise<Readonly<Record<string, string>>>;
}

export async function startFakeS3(): Promise<FakeS3> {
  const server = await startFauxqs({ port: 0, logger: false });
  const endpointUrl = `http://127.0.0.1:${server.port}`;
  const client = new S3Client({
    endpoint: endpointUrl,
    forcePathStyle: true,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  return {
    endpointUrl,
    client,
    createBucket: (name) => void server.createBucket(name),
    async putObject(bucket, key, text) {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: text }));
    },
    objects: (bucket) => readAll(client, bucket),
    async [Symbol.asyncDispose]() {
      client.destroy();
      await server.stop();
    },
  };
}

async function readAll(client: S3Client, bucket: string): Promise<Readonly<Record<string, string>>> {
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
  const texts = Contents.map(async ({ Key = '' }) => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
    return [Key, (await Body?.transformToString()) ?? ''] as const;
  });
  return Object.fromEntries(await Promise.all(texts));
}
