package localstack

import (
	"path/filepath"

	"provision/integration/venv"
)

// environment is LocalStack's whole environment. It inherits nothing: the AWS credentials, proxies and LocalStack
// settings of the user who runs the tests must not change their results.
func environment(home venv.Home, root, address string) []string {
	return []string{
		"PATH=" + filepath.Dir(home.Python()), // and so without docker, which it would call otherwise
		"PYTHONPATH=" + home.Path(provider),
		"HOME=" + root,
		"TEMP=" + root, // S3 keeps its objects in the temporary folder; LocalStack gives TMPDIR a meaning of its own
		"FILESYSTEM_ROOT=" + root,
		"XDG_CACHE_HOME=" + filepath.Join(root, "cache"),
		"SERVICES=autoscaling,ec2,elbv2,iam,logs,s3,ssm,sts",
		"EAGER_SERVICE_LOADING=1", // healthy means loaded
		"GATEWAY_LISTEN=" + address,
		"GATEWAY_SERVER=hypercorn", // the default server binds 0.0.0.0 whatever GATEWAY_LISTEN says
		"OVERRIDE_IN_DOCKER=0",     // a build machine may look like LocalStack's image: it then writes to /var/lib
		"DNS_ADDRESS=0",
		"DISABLE_EVENTS=1",
		"SKIP_SSL_CERT_DOWNLOAD=1",
		"LS_LOG=warn",
	}
}
