"""Drives the endpoint of AWS_ENDPOINT_URL with boto3, a client that shares no code with the SDK for Go.

Every check prints its name; the first that fails ends the run with a traceback. The endpoint's time must run fast:
what AWS takes minutes for is waited for a few seconds.
"""

import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

REGION = "eu-west-1"
PATIENCE = 600  # seconds: for an endpoint that hangs, and never for one that is slow
TAG = {"Key": "team", "Value": "a & b <ü>"}


def client(service, region=REGION):
    return boto3.client(service, region_name=region, config=Config(retries={"total_max_attempts": 1}))


def refused(code, call, **parameters):
    """The call must fail with the code."""
    try:
        call(**parameters)
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error
        return
    raise AssertionError(f"{call.__name__} was accepted, want {code}")


def until(wanted, look):
    """Look until something is seen, and say what was seen instead."""
    deadline = time.monotonic() + PATIENCE
    while (seen := look()) != wanted:
        assert time.monotonic() < deadline, f"{seen}, want {wanted}"
        time.sleep(0.05)


def tagged(kind):
    return [{"ResourceType": kind, "Tags": [TAG]}]


def caller_identity():
    who = client("sts").get_caller_identity()
    assert len(who["Account"]) == 12 and who["Account"] in who["Arn"], who


def image_parameter():
    name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
    value = client("ssm").get_parameter(Name=name)["Parameter"]["Value"]
    assert value.startswith("ami-"), value
    refused("ParameterNotFound", client("ssm").get_parameter, Name="/none")
    return value


def vpc():
    """A VPC with a tag, found by it in its region and nowhere else."""
    ec2 = client("ec2")
    made = ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=tagged("vpc"))["Vpc"]
    assert made["Tags"] == [TAG], made
    by_tag = [{"Name": "tag:team", "Values": [TAG["Value"]]}]
    until("available", lambda: ec2.describe_vpcs(Filters=by_tag)["Vpcs"][0]["State"])
    assert client("ec2", "us-east-1").describe_vpcs(Filters=by_tag)["Vpcs"] == []
    refused("DryRunOperation", ec2.create_vpc, CidrBlock="10.0.0.0/16", DryRun=True)
    refused("InvalidVpcID.NotFound", ec2.describe_vpcs, VpcIds=["vpc-0123456789abcdef0"])
    return made["VpcId"]


def subnets(vpc_id):
    """Seven subnets, listed in two pages."""
    ec2 = client("ec2")
    made = [
        ec2.create_subnet(VpcId=vpc_id, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=REGION + "abc"[n % 3])
        for n in range(7)
    ]
    ids = [subnet["Subnet"]["SubnetId"] for subnet in made]
    refused("InvalidSubnet.Conflict", ec2.create_subnet, VpcId=vpc_id, CidrBlock="10.0.0.0/25")
    pages = ec2.get_paginator("describe_subnets").paginate(
        Filters=[{"Name": "vpc-id", "Values": [vpc_id]}], PaginationConfig={"PageSize": 5}
    )
    listed = [[subnet["SubnetId"] for subnet in page["Subnets"]] for page in pages]
    assert [len(page) for page in listed] == [5, 2] and sorted(sum(listed, [])) == sorted(ids), listed
    refused("DependencyViolation", ec2.delete_vpc, VpcId=vpc_id)
    return ids


def routes(vpc_id, subnet_ids):
    """A way out for the first three subnets."""
    ec2 = client("ec2")
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc_id)
    table = ec2.create_route_table(VpcId=vpc_id)["RouteTable"]["RouteTableId"]
    route = {"RouteTableId": table, "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": gateway}
    ec2.create_route(**route)
    refused("RouteAlreadyExists", ec2.create_route, **route)
    for subnet in subnet_ids[:3]:
        ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    found = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]
    assert len(found["Associations"]) == 3, found


def security_group(vpc_id):
    ec2 = client("ec2")
    group = ec2.create_security_group(GroupName="web", Description="web", VpcId=vpc_id)["GroupId"]
    anywhere = [{"CidrIp": "0.0.0.0/0", "Description": "http"}]
    rule = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": anywhere}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
    refused("InvalidPermission.Duplicate", ec2.authorize_security_group_ingress, GroupId=group, IpPermissions=[rule])
    found = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]
    assert [rule] == [{key: have[key] for key in rule} for have in found["IpPermissions"]], found
    return group


def nat_gateway(subnet_id):
    """The same token makes no second one."""
    ec2 = client("ec2")
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    wish = {"SubnetId": subnet_id, "AllocationId": address, "ClientToken": "token"}
    nat = ec2.create_nat_gateway(**wish)["NatGateway"]
    assert nat["State"] == "pending", nat
    assert ec2.create_nat_gateway(**wish)["NatGateway"]["NatGatewayId"] == nat["NatGatewayId"]

    def state():
        return ec2.describe_nat_gateways(NatGatewayIds=[nat["NatGatewayId"]])["NatGateways"][0]["State"]

    until("available", state)
    ec2.delete_nat_gateway(NatGatewayId=nat["NatGatewayId"])
    until("deleted", state)
    ec2.release_address(AllocationId=address)


def instance_profile():
    iam = client("iam")
    trust = '{"Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}'
    iam.create_role(RoleName="web", AssumeRolePolicyDocument=trust, Tags=[TAG])
    refused("EntityAlreadyExists", iam.create_role, RoleName="web", AssumeRolePolicyDocument=trust)
    role = iam.get_role(RoleName="web")["Role"]
    assert role["Tags"] == [TAG] and role["AssumeRolePolicyDocument"]["Statement"][0]["Effect"] == "Allow", role
    iam.attach_role_policy(RoleName="web", PolicyArn="arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore")
    iam.create_instance_profile(InstanceProfileName="web")
    iam.add_role_to_instance_profile(InstanceProfileName="web", RoleName="web")
    refused("DeleteConflict", iam.delete_role, RoleName="web")


def load_balancer(subnet_ids, security_group_id):
    """Its state, and what answers a second one of that name."""
    elb = client("elbv2")
    made = elb.create_load_balancer(Name="web", Subnets=subnet_ids[:3], SecurityGroups=[security_group_id], Tags=[TAG])
    balancer = made["LoadBalancers"][0]
    arn = balancer["LoadBalancerArn"]
    assert balancer["State"]["Code"] == "provisioning", balancer
    refused("DuplicateLoadBalancerName", elb.create_load_balancer, Name="web", Subnets=subnet_ids[:2])
    assert elb.describe_tags(ResourceArns=[arn])["TagDescriptions"][0]["Tags"] == [TAG]
    group = elb.create_target_group(Name="web", Protocol="HTTP", Port=80, VpcId=balancer["VpcId"])["TargetGroups"][0]
    target = group["TargetGroupArn"]
    forward = [{"Type": "forward", "TargetGroupArn": target}]
    elb.create_listener(LoadBalancerArn=arn, Protocol="HTTP", Port=80, DefaultActions=forward)
    until("active", lambda: elb.describe_load_balancers(Names=["web"])["LoadBalancers"][0]["State"]["Code"])
    refused("ResourceInUse", elb.delete_target_group, TargetGroupArn=target)
    return target


def scaling_group(subnet_ids, image, target):
    """Two instances in service behind the load balancer, one of which is lost and replaced."""
    ec2, scaling = client("ec2"), client("autoscaling")
    ec2.create_launch_template(
        LaunchTemplateName="web", LaunchTemplateData={"ImageId": image, "InstanceType": "t3.micro"}
    )
    wish = {
        "AutoScalingGroupName": "web", "MinSize": 2, "MaxSize": 4, "VPCZoneIdentifier": ",".join(subnet_ids[:3]),
        "LaunchTemplate": {"LaunchTemplateName": "web", "Version": "$Latest"}, "TargetGroupARNs": [target],
        "Tags": [{**TAG, "PropagateAtLaunch": True}],
    }
    scaling.create_auto_scaling_group(**wish)
    refused("AlreadyExists", scaling.create_auto_scaling_group, **wish)

    def serving():
        group = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=["web"])["AutoScalingGroups"][0]
        return {i["InstanceId"] for i in group["Instances"] if i["LifecycleState"] == "InService"}

    until(2, lambda: len(serving()))
    first = serving()
    ec2.terminate_instances(InstanceIds=[min(first)])
    until(True, lambda: len(serving()) == 2 and min(first) not in serving())
    by_tag = [{"Name": "tag:team", "Values": [TAG["Value"]]}, {"Name": "instance-state-name", "Values": ["running"]}]

    def running():
        found = ec2.describe_instances(Filters=by_tag)["Reservations"]
        return {instance["InstanceId"] for reservation in found for instance in reservation["Instances"]}

    until(True, lambda: running() == serving())
    refused("ResourceInUse", scaling.delete_auto_scaling_group, AutoScalingGroupName="web")


def storage():
    """Conditional writes, a wrong checksum, keys that need escaping."""
    s3 = client("s3")
    s3.create_bucket(Bucket="contract-state", CreateBucketConfiguration={"LocationConstraint": REGION})
    place = {"Bucket": "contract-state", "Key": "web/ü +&.json"}
    tag = s3.put_object(**place, Body=b"1", IfNoneMatch="*")["ETag"]
    refused("PreconditionFailed", s3.put_object, **place, Body=b"2", IfNoneMatch="*")
    s3.put_object(**place, Body=b"2", IfMatch=tag)
    refused("PreconditionFailed", s3.put_object, **place, Body=b"3", IfMatch=tag)
    refused("BadDigest", s3.put_object, **place, Body=b"3", ChecksumCRC32="AAAAAA==")
    got = s3.get_object(**place)
    assert got["Body"].read() == b"2", got
    assert [found["Key"] for found in s3.list_objects_v2(Bucket="contract-state")["Contents"]] == [place["Key"]]
    refused("NoSuchKey", s3.get_object, Bucket="contract-state", Key="none")
    refused("BucketNotEmpty", s3.delete_bucket, Bucket="contract-state")


def main():
    def checked(check, *inputs):
        out = check(*inputs)
        print("ok", check.__name__)
        return out

    checked(caller_identity)
    image = checked(image_parameter)
    vpc_id = checked(vpc)
    subnet_ids = checked(subnets, vpc_id)
    checked(routes, vpc_id, subnet_ids)
    group = checked(security_group, vpc_id)
    checked(nat_gateway, subnet_ids[0])
    checked(instance_profile)
    target = checked(load_balancer, subnet_ids, group)
    checked(scaling_group, subnet_ids, image, target)
    checked(storage)


if __name__ == "__main__":
    main()
