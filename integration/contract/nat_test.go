package contract

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
)

var natBehaviours = []behaviour{
	{"create NAT with no IGW in VPC", "failed", func(w *world) string {
		nat := w.nat(w.subnet(w.vpc(), 0, "a"), w.address())
		return w.until(unless("pending"), func() string { return w.natState(nat) })
	}},
	{"NAT State in create reply", "pending", func(w *world) string {
		p := w.public("a")
		in := &ec2.CreateNatGatewayInput{SubnetId: &p.subnets[0], AllocationId: w.address()}
		return string(do(w, w.ec2.CreateNatGateway, in).NatGateway.State)
	}},
	{"NAT some time after its creation", "available", func(w *world) string {
		p := w.public("a")
		nat := w.nat(&p.subnets[0], w.address())
		return w.until(unless("pending"), func() string { return w.natState(nat) })
	}},
	{"NAT after delete, described", "deleting", func(w *world) string {
		p := w.public("a")
		nat := w.nat(&p.subnets[0], w.address())
		w.available(nat)
		do(w, w.ec2.DeleteNatGateway, &ec2.DeleteNatGatewayInput{NatGatewayId: nat})
		return w.natState(nat)
	}},
	{"NAT some time after delete, described", "deleted", func(w *world) string {
		p := w.public("a")
		nat := w.nat(&p.subnets[0], w.address())
		w.available(nat)
		do(w, w.ec2.DeleteNatGateway, &ec2.DeleteNatGatewayInput{NatGatewayId: nat})
		return w.until(unless("deleting"), func() string { return w.natState(nat) })
	}},
	{"EIP after its NAT was deleted", "kept", func(w *world) string {
		p := w.public("a")
		address := w.address()
		nat := w.nat(&p.subnets[0], address)
		w.available(nat)
		do(w, w.ec2.DeleteNatGateway, &ec2.DeleteNatGatewayInput{NatGatewayId: nat})
		w.until(once("deleted"), func() string { return w.natState(nat) })
		found := do(w, w.ec2.DescribeAddresses, &ec2.DescribeAddressesInput{AllocationIds: []string{*address}})
		if len(found.Addresses) == 1 && found.Addresses[0].AssociationId == nil {
			return "kept"
		}
		return "still in use"
	}},
	{"NAT ClientToken replay", "same id", func(w *world) string {
		p := w.public("a")
		in := &ec2.CreateNatGatewayInput{
			SubnetId: &p.subnets[0], AllocationId: w.address(), ClientToken: aws.String("token"),
		}
		first := do(w, w.ec2.CreateNatGateway, in).NatGateway.NatGatewayId
		again, err := w.ec2.CreateNatGateway(w.ctx, in)
		if err != nil {
			return outcome(err)
		}
		return sameID(first, again.NatGateway.NatGatewayId)
	}},
	{"two NATs on one EIP", "Resource.AlreadyAssociated", func(w *world) string {
		p := w.public("a")
		address := w.address()
		w.available(w.nat(&p.subnets[0], address))
		return try(w, w.ec2.CreateNatGateway, &ec2.CreateNatGatewayInput{SubnetId: &p.subnets[0], AllocationId: address})
	}},
	{"describe a NAT that does not exist", "NatGatewayNotFound", func(w *world) string {
		return try(w, w.ec2.DescribeNatGateways, &ec2.DescribeNatGatewaysInput{
			NatGatewayIds: []string{"nat-0123456789abcdef0"},
		})
	}},
}

func (w *world) natState(nat *string) string {
	found := do(w, w.ec2.DescribeNatGateways, &ec2.DescribeNatGatewaysInput{NatGatewayIds: []string{*nat}})
	if len(found.NatGateways) == 0 {
		return "gone"
	}
	return string(found.NatGateways[0].State)
}

// available waits for a NAT gateway.
func (w *world) available(nat *string) {
	w.until(once("available"), func() string { return w.natState(nat) })
}

func sameID(one, two *string) string {
	if *one == *two {
		return "same id"
	}
	return "SECOND"
}
