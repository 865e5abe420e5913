// The obvious program: the SDK's scan, segment by segment, with nothing done to the items. In JavaScript, so
// that its start is as short as it can be.
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';

const [, , endpoint, TableName, segments] = process.argv;
const TotalSegments = Number(segments);
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials });

async function scan(Segment) {
  let ExclusiveStartKey;
  do {
    const page = await client.send(new ScanCommand({ TableName, Segment, TotalSegments, ExclusiveStartKey }));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
}

await Promise.all(Array.from({ length: TotalSegments }, (_, segment) => scan(segment)));
