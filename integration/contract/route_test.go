package contract

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
)

var routeBehaviours = []behaviour{
	{"delete route table with associations", dependency, func(w *world) string {
		vpc := w.vpc()
		table := w.table(vpc)
		w.associate(table, w.subnet(vpc, 0, "a"))
		return try(w, w.ec2.DeleteRouteTable, &ec2.DeleteRouteTableInput{RouteTableId: table})
	}},
	{"associate a subnet with a 2nd route table", "Resource.AlreadyAssociated", func(w *world) string {
		vpc := w.vpc()
		subnet := w.subnet(vpc, 0, "a")
		if seen := w.associate(w.table(vpc), subnet); seen != accepted {
			return "first: " + seen
		}
		return w.associate(w.table(vpc), subnet)
	}},
	{"same route twice", "RouteAlreadyExists", func(w *world) string {
		vpc := w.vpc()
		in := &ec2.CreateRouteInput{
			RouteTableId: w.table(vpc), GatewayId: w.gateway(vpc), DestinationCidrBlock: aws.String("0.0.0.0/0"),
		}
		do(w, w.ec2.CreateRoute, in)
		return try(w, w.ec2.CreateRoute, in)
	}},
}

func (w *world) associate(table, subnet *string) string {
	return try(w, w.ec2.AssociateRouteTable, &ec2.AssociateRouteTableInput{RouteTableId: table, SubnetId: subnet})
}
