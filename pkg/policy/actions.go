package policy

// reads are the actions of `plan`, `status`, `check` and the first half of `up` that ask about no kind of resource. They and
// those of the kinds take no resource: a permission to list covers everything.
var reads = []string{
	"ec2:DescribeAvailabilityZones", "ec2:DescribeImages", "ec2:DescribeInstanceTypeOfferings", "ec2:DescribeInstanceTypes",
	"ec2:DescribeRegions", "ec2:DescribeTags",
	"elasticloadbalancing:DescribeTargetHealth",
	"servicequotas:GetAWSDefaultServiceQuota", "servicequotas:GetServiceQuota",
	"ssm:DescribeInstanceInformation", "sts:GetCallerIdentity",
}

// parameterReads are of the images' public parameters.
var parameterReads = []string{"ssm:GetParameter"}

// simulations tell what a role may do.
var simulations = []string{"iam:SimulatePrincipalPolicy"}

// stateReads and stateWrites are of the objects of a state in S3, and of their versions.
var (
	stateReads  = []string{"s3:GetObject", "s3:GetObjectVersion"}
	stateLists  = []string{"s3:ListBucket", "s3:ListBucketVersions"}
	stateWrites = []string{"s3:DeleteObject", "s3:PutObject"}
)

// Administration is what `state init` and `iam bootstrap` call, and `connect`. Neither policy has it: an administrator
// does it once, and a shell is for people and not for pipelines.
var administration = []string{
	"s3:CreateBucket", "s3:GetBucketPolicy", "s3:GetBucketPublicAccessBlock", "s3:GetBucketVersioning",
	"s3:GetEncryptionConfiguration", "s3:GetLifecycleConfiguration", "s3:PutBucketPolicy",
	"s3:PutBucketPublicAccessBlock", "s3:PutBucketVersioning", "s3:PutEncryptionConfiguration",
	"s3:PutLifecycleConfiguration",
	"ssm:StartSession",
}
