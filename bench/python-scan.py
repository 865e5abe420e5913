"""The obvious program in Python: boto3's scan, page by page, each page flattened into a pandas DataFrame.

python-scan.py pandas|csv ENDPOINT FILE reports its CPU and memory on file descriptor 3, as usage.cjs does.
`pandas` holds all pages in memory and writes one CSV file; `csv` adds each page to the CSV so far and writes it again.
"""

import json
import os
import resource
import sys
import time

import boto3
import pandas
from boto3.dynamodb.types import Binary

how, endpoint, path = sys.argv[1:]

# By default it gives bytes, which no CSV writer takes.
Binary.__str__ = lambda binary: str(binary.value)

table = boto3.resource(
    "dynamodb",
    endpoint_url=endpoint,
    region_name="us-east-1",
    aws_access_key_id="local",
    aws_secret_access_key="local",
).Table("Orders")


def pages():
    start = {}
    while True:
        answer = table.scan(**start)
        yield pandas.json_normalize(answer["Items"])
        if "LastEvaluatedKey" not in answer:
            return
        start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}


if how == "pandas":
    pandas.concat(list(pages())).to_csv(path, index=False)
else:
    for page in pages():
        so_far = [pandas.read_csv(path, low_memory=False)] if os.path.exists(path) else []
        pandas.concat([*so_far, page]).to_csv(path, index=False)



def peak_mb():
    if sys.platform != "linux":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    # ru_maxrss begins with the parent's.
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024


os.write(3, json.dumps({"cpuMs": time.process_time() * 1000, "peakMb": peak_mb()}).encode())
