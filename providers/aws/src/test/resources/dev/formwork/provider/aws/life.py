"""The life of instances as Amazon's own SDK for Python asks for it, and what it was told, as JSON."""
import json
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

endpoint, region, key, secret, image, known = sys.argv[1:]
once = Config(retries={"total_max_attempts": 1})


def client(service, secret_key=secret):
    return boto3.client(
        service, endpoint_url=endpoint, region_name=region, aws_access_key_id=key,
        aws_secret_access_key=secret_key, config=once)


def refused(call):
    try:
        call()
    except ClientError as error:
        return error.response["Error"]["Code"]
    return "not refused"


ec2 = client("ec2")
said = {}


def run(token, kind="t3.micro"):
    return ec2.run_instances(
        ImageId=image, InstanceType=kind, MinCount=1, MaxCount=1, ClientToken=token,
        MetadataOptions={"HttpTokens": "required", "HttpPutResponseHopLimit": 1},
        BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 20, "DeleteOnTermination": True}}],
        TagSpecifications=[{"ResourceType": kind_of, "Tags": [{"Key": "life", "Value": "of boto3"}]}
                           for kind_of in ("instance", "volume")])["Instances"][0]


first = run("one")
ids = [first["InstanceId"]] + [run("number %d" % n)["InstanceId"] for n in range(4)]
said["same"] = run("one")["InstanceId"] == first["InstanceId"]
said["mismatch"] = refused(lambda: run("one", "t3.small"))
said["tokens"] = first["MetadataOptions"]["HttpTokens"]
mine = [{"Name": "tag:life", "Values": ["of *"]}]
pages = list(ec2.get_paginator("describe_instances").paginate(Filters=mine))
said["pages"] = len(pages)
listed = [i["InstanceId"] for page in pages for r in page["Reservations"] for i in r["Instances"]]
said["all listed"] = listed == ids
said["disk"] = ec2.describe_volumes(Filters=[{"Name": "tag:life", "Values": ["of boto3"]}])["Volumes"][0]["Size"]
other = ec2.describe_instances(InstanceIds=[known])["Reservations"][0]["Instances"][0]
said["tags"] = {tag["Key"]: tag["Value"] for tag in other["Tags"]}
said["client token"] = other["ClientToken"]
quick = {"Delay": 0, "MaxAttempts": 20}
ec2.get_waiter("instance_running").wait(InstanceIds=ids, WaiterConfig=quick)
ec2.stop_instances(InstanceIds=ids[:1])
ec2.get_waiter("instance_stopped").wait(InstanceIds=ids[:1], WaiterConfig=quick)
said["reason"] = ec2.describe_instances(InstanceIds=ids[:1])["Reservations"][0]["Instances"][0]["StateReason"]["Code"]
said["reboot"] = refused(lambda: ec2.reboot_instances(InstanceIds=ids[:1]))
said["console"] = ec2.get_console_output(InstanceId=known, Latest=True)["Output"]
said["parameter"] = client("ssm").get_parameter(
    Name="/aws/service/debian/release/12/latest/amd64")["Parameter"]["Value"]
said["image"] = ec2.describe_images(ImageIds=[image])["Images"][0]["RootDeviceName"]
ec2.terminate_instances(InstanceIds=ids)
ec2.get_waiter("instance_terminated").wait(InstanceIds=ids, WaiterConfig=quick)
said["left"] = len(ec2.describe_volumes(Filters=[{"Name": "tag:life", "Values": ["of boto3"]}])["Volumes"])
said["none"] = refused(lambda: ec2.describe_instances(InstanceIds=["i-0123456789abcdef0"]))
said["forged"] = refused(client("ec2", secret + "x").describe_instances)
print(json.dumps(said))
