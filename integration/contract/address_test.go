package contract

import (
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

var addressBehaviours = []behaviour{
	{"release EIP used by NAT", "InvalidIPAddress.InUse", func(w *world) string {
		p := w.public("a")
		address := w.address()
		w.available(w.nat(&p.subnets[0], address))
		return w.release(address)
	}},
	{"release EIP used by instance", "InvalidIPAddress.InUse", func(w *world) string {
		p := w.public("a")
		address, instance := w.address(), w.instance(&p.subnets[0])
		w.until(once("running"), func() string { return w.instanceState(instance) })
		do(w, w.ec2.AssociateAddress, &ec2.AssociateAddressInput{AllocationId: address, InstanceId: instance})
		return w.release(address)
	}},
	{"release EIP twice", "InvalidAllocationID.NotFound", func(w *world) string {
		address := w.address()
		do(w, w.ec2.ReleaseAddress, &ec2.ReleaseAddressInput{AllocationId: address})
		return w.release(address)
	}},
	{"6th EIP in a region (quota 5)", "AddressLimitExceeded", func(w *world) string {
		for range 5 {
			w.address()
		}
		return try(w, w.ec2.AllocateAddress, &ec2.AllocateAddressInput{Domain: types.DomainTypeVpc})
	}},
}

func (w *world) release(address *string) string {
	return try(w, w.ec2.ReleaseAddress, &ec2.ReleaseAddressInput{AllocationId: address})
}
