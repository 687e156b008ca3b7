package sandbox

// catalog is every area of the sandbox.
func catalog() []func(*registry) {
	return []func(*registry){
		tokenArea,
		vpcArea,
		subnetArea,
		eniArea,
		gatewayArea,
		addressArea,
		natArea,
		routeTableArea,
		routeArea,
		groupArea,
		ruleArea,
		aclArea,
		endpointArea,
		serviceArea,
		tagArea,
		zoneArea,
		instanceTypeArea,
		iamArea,
		stsArea,
		ssmArea,
		quotasArea,
		s3Area,
		launchTemplateArea,
		instanceArea,
		volumeArea,
		imageArea,
		keyPairArea,
		elbArea,
		asgArea,
		webArea,
	}
}
