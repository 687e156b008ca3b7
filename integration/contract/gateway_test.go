package contract

import "github.com/aws/aws-sdk-go-v2/service/ec2"

var gatewayBehaviours = []behaviour{
	{"delete attached IGW", dependency, func(w *world) string {
		return try(w, w.ec2.DeleteInternetGateway, &ec2.DeleteInternetGatewayInput{InternetGatewayId: w.gateway(w.vpc())})
	}},
	{"attach a second IGW", "InvalidParameterValue", func(w *world) string {
		vpc := w.vpc()
		w.gateway(vpc)
		other := do(w, w.ec2.CreateInternetGateway, &ec2.CreateInternetGatewayInput{}).InternetGateway
		return try(w, w.ec2.AttachInternetGateway, &ec2.AttachInternetGatewayInput{
			VpcId: vpc, InternetGatewayId: other.InternetGatewayId,
		})
	}},
	{"attach an IGW twice", "Resource.AlreadyAssociated", func(w *world) string {
		vpc := w.vpc()
		return try(w, w.ec2.AttachInternetGateway, &ec2.AttachInternetGatewayInput{
			VpcId: vpc, InternetGatewayId: w.gateway(vpc),
		})
	}},
	{"detach IGW with a NAT public IP mapped", dependency, func(w *world) string {
		p := w.public("a")
		w.available(w.nat(&p.subnets[0], w.address()))
		return try(w, w.ec2.DetachInternetGateway, &ec2.DetachInternetGatewayInput{
			VpcId: p.vpc, InternetGatewayId: p.gateway,
		})
	}},
	{"create internet gateway twice", "SECOND", func(w *world) string {
		one := do(w, w.ec2.CreateInternetGateway, &ec2.CreateInternetGatewayInput{}).InternetGateway.InternetGatewayId
		two := do(w, w.ec2.CreateInternetGateway, &ec2.CreateInternetGatewayInput{}).InternetGateway.InternetGatewayId
		return sameID(one, two)
	}},
}
