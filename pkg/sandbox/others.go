package sandbox

import "fmt"

// ServiceInterface is a network interface that a service of AWS's keeps in a customer's subnet: of a function, a database,
// a file system. The services themselves are not in the sandbox.
type ServiceInterface struct {
	Subnet      string
	Groups      []string
	Description string // by which the service is known, e.g. "AWS Lambda VPC ENI-checkout"
	Type        string // "lambda", "efs"; empty: "interface"
	Requester   string // the service's own account or name
}

// AddServiceInterface puts one there, and returns its ID. It can't be deleted by its account.
func (s *Sandbox) AddServiceInterface(account, region string, i ServiceInterface) (string, error) {
	a := s.account(account)
	a.mu.Lock()
	defer a.mu.Unlock()
	r := a.region(region)
	place := subnets.get(r, i.Subnet)
	if place == nil {
		return "", noSubnet(i.Subnet)
	}
	e, err := r.newENI(eniSpec{
		Subnet: place, Groups: i.Groups, Description: i.Description, Type: i.Type, Requester: i.Requester,
	})
	if err != nil {
		return "", fmt.Errorf("add the interface: %w", err)
	}
	return e.ID, nil
}

// RemoveServiceInterface is the service letting go of it.
func (s *Sandbox) RemoveServiceInterface(account, region, id string) {
	a := s.account(account)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.region(region).dropENI(id)
}

// HoldVPC lets something that no list names hold a VPC, or lets go of it.
func (s *Sandbox) HoldVPC(account, region, id string, hold bool) {
	a := s.account(account)
	a.mu.Lock()
	defer a.mu.Unlock()
	if v := vpcs.get(a.region(region), id); v != nil {
		v.Secret = hold
	}
}
