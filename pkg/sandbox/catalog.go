package sandbox

// catalog is every area of the sandbox.
func catalog() []func(*registry) {
	return []func(*registry){
		tokenArea,
		vpcArea,
		iamArea,
		stsArea,
		ssmArea,
		quotasArea,
		s3Area,
		launchTemplateArea,
	}
}
