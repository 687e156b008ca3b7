package sandbox

// runParameters are those of RunInstances that are not of the launch.
var runParameters = words(`Action Version ClientToken DryRun MinCount MaxCount SubnetId LaunchTemplate Placement`)

func runInstances(c *call) (any, error) {
	data, template, err := readRun(c)
	if err != nil {
		return nil, err
	}
	least, most, err := readCounts(c)
	if err != nil {
		return nil, err
	}
	in, err := runSubnet(c, data)
	if err != nil {
		return nil, err
	}
	if err := c.region.checkLaunch(data, in); err != nil {
		return nil, err
	}
	if in.Free < least {
		return nil, fail("InsufficientFreeAddressesInSubnet",
			"There are not enough free addresses in subnet '%s' to satisfy the requested number of instances.", in.ID)
	}
	if c.region.room(data) < least {
		return nil, c.region.tooManyCPUs()
	}
	started := &reservation{ID: c.region.newID("r"), OwnerID: c.account.id}
	for index := range min(most, in.Free, c.region.room(data)) {
		i, err := c.region.launch(launch{
			data: data, subnet: in, template: template, reservation: started.ID, token: c.Str("ClientToken"), index: index,
		})
		if err != nil {
			return nil, err
		}
		started.Instances = append(started.Instances, i.view(c.region))
	}
	return started, nil
}

// templateReference is a version of a launch template.
type templateReference struct {
	ID      string
	Name    string
	Version string
}

// readRun reads what to launch from: the request's own parameters over those of its template.
func readRun(c *call) (launchData, *templateReference, error) {
	data, err := readLaunchData(c.Params, runParameters)
	if err != nil {
		return data, nil, err
	}
	p := c.In("LaunchTemplate")
	if !p.Has("LaunchTemplateId") && !p.Has("LaunchTemplateName") {
		return data, nil, nil
	}
	t, err := c.template(p)
	if err != nil {
		return data, nil, err
	}
	v, err := t.version(p.Str("Version"))
	if err != nil {
		return data, nil, err
	}
	return data.over(v.Data), t.reference(v), nil
}

func readCounts(c *call) (least, most int, err error) {
	if least, err = c.Num("MinCount", 0); err != nil {
		return 0, 0, err
	}
	if most, err = c.Num("MaxCount", 0); err != nil {
		return 0, 0, err
	}
	if least < 1 || most < least {
		return 0, 0, fail("InvalidParameterValue", "Value (%d) for parameter minCount is invalid.", least)
	}
	return least, most, nil
}

// runSubnet is where a launch goes to. Without a subnet it would go to the default VPC, which accounts have none of.
func runSubnet(c *call, data launchData) (*subnet, error) {
	id := c.Str("SubnetId")
	for _, at := range data.Interfaces {
		if at.SubnetID != "" {
			id = at.SubnetID
		}
	}
	if id == "" {
		return nil, fail("MissingInput", "No subnets found for the default VPC. Please specify a subnet.")
	}
	if found := subnets.get(c.region, id); found != nil {
		return found, nil
	}
	return nil, noSubnet(id)
}
