import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  GetQueueAttributesCommand,
  type QueueAttributeName,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { startFauxqs as startServer } from 'fauxqs';

/** S3, SQS and SNS on one server in the test's own process. Disposing of it stops it; nothing stays on disk. */
export interface Fauxqs extends AsyncDisposable {
  readonly endpointUrl: string;
  /** The environment by which a command finds it. */
  readonly env: Readonly<Record<string, string>>;
  readonly s3: S3Client;
  createBucket(name: string): void;
  /** Puts an object: a text as it is, anything else as JSON. */
  put(bucket: string, key: string, content: unknown): Promise<void>;
  remove(bucket: string, key: string): Promise<void>;
  /** Every object of a bucket: its text by its key. */
  objects(bucket: string): Promise<Readonly<Record<string, string>>>;
  /** Creates a queue and gives its URL. */
  createQueue(name: string): Promise<string>;
  send(queueUrl: string, body: unknown): Promise<void>;
  /** Publishes to a topic that the queue subscribes to. */
  publish(queueUrl: string, message: unknown): Promise<void>;
  /** How many messages there are, those in flight included. */
  countMessages(queueUrl: string): Promise<number>;
  /** The messages' texts, those in flight included. */
  bodies(queueUrl: string): readonly string[];
  /** Makes messages in flight visible, as their timeout does once their receiver is dead. */
  show(queueUrl: string): Promise<void>;
  /** How many messages can be received now. */
  countVisible(queueUrl: string): Promise<number>;
}

export async function startFauxqs(): Promise<Fauxqs> {
  const server = await startServer({ port: 0, logger: false });
  const endpointUrl = `http://127.0.0.1:${server.port}`;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const s3 = new S3Client({ endpoint: endpointUrl, region: 'eu-central-1', credentials, forcePathStyle: true });
  const sqs = new SQSClient({ endpoint: endpointUrl, region: 'eu-central-1', credentials });
  const sns = new SNSClient({ endpoint: endpointUrl, region: 'eu-central-1', credentials });
  const attribute = async (QueueUrl: string, name: QueueAttributeName) => {
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    return Attributes?.[name] ?? '';
  };
  const inspect = (queueUrl: string) => {
    const queue = server.inspectQueue(queueUrl.split('/').at(-1) ?? '');
    if (!queue) throw new Error(`There is no queue ${queueUrl}`);
    return queue.messages;
  };
  return {
    endpointUrl,
    s3,
    env: {
      AWS_ENDPOINT_URL_S3: endpointUrl,
      AWS_ENDPOINT_URL_SQS: endpointUrl,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    },
    createBucket: (name) => void server.createBucket(name),
    async put(Bucket, Key, content) {
      await s3.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.from(textOf(content)) }));
    },
    async remove(Bucket, Key) {
      await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    },
    objects: (bucket) => objectsIn(s3, bucket),
    async createQueue(QueueName) {
      const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName }));
      return QueueUrl;
    },
    async send(QueueUrl, body) {
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: textOf(body) }));
    },
    async publish(queueUrl, message) {
      const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: `topic-${queueUrl.split('/').at(-1)}` }));
      const Endpoint = await attribute(queueUrl, 'QueueArn');
      await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }));
      await sns.send(new PublishCommand({ TopicArn, Message: textOf(message) }));
    },
    async countMessages(queueUrl) {
      const visible = Number(await attribute(queueUrl, 'ApproximateNumberOfMessages'));
      return visible + Number(await attribute(queueUrl, 'ApproximateNumberOfMessagesNotVisible'));
    },
    bodies(queueUrl) {
      const { ready, inflight } = inspect(queueUrl);
      return [...ready, ...inflight.map(({ message }) => message)].map(({ body }) => body);
    },
    async show(QueueUrl) {
      do {
        for (const { receiptHandle: ReceiptHandle } of inspect(QueueUrl).inflight) {
          await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
        }
        // A receiver that was waiting when it died may receive a message that became visible, and hide it once more.
        await sleep(100);
      } while (inspect(QueueUrl).inflight.length > 0);
    },
    async countVisible(QueueUrl) {
      let count = 0;
      for (;;) {
        const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 60 });
        const { Messages = [] } = await sqs.send(command);
        if (Messages.length === 0) return count;
        count += Messages.length;
      }
    },
    async [Symbol.asyncDispose]() {
      for (const client of [s3, sqs, sns]) client.destroy();
      await server.stop();
    },
  };
}

function textOf(content: unknown): string {
  return typeof content === 'string' ? content : JSON.stringify(content);
}

async function objectsIn(client: S3Client, bucket: string): Promise<Readonly<Record<string, string>>> {
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
  const texts = Contents.map(async ({ Key = '' }) => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
    return [Key, (await Body?.transformToString()) ?? ''] as const;
  });
  return Object.fromEntries(await Promise.all(texts));
}
