package sandbox_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"

	"provision/pkg/sandbox"
)

func TestServiceQuotas(t *testing.T) {
	s := sandbox.New(sandbox.Options{Quotas: map[sandbox.Quota]int{sandbox.QuotaVPCs: 20}})
	client := servicequotas.NewFromConfig(awsConfig(s, "eu-west-1"))
	for name, c := range map[string]struct {
		service, code      string
		applied, byDefault float64
	}{
		"raised":       {"vpc", "L-F678F1CE", 20, 5},
		"NAT gateways": {"vpc", "L-FE5A380F", 5, 5},
		"elastic IPs":  {"ec2", "L-0263D0A3", 5, 5},
		"balancers":    {"elasticloadbalancing", "L-53DA6B97", 50, 50},
		"virtual CPUs": {"ec2", "L-1216C47A", 64, 5},
		"of groups":    {"autoscaling", "L-CDE20ADC", 500, 500},
	} {
		t.Run(name, func(t *testing.T) {
			service, number := aws.String(c.service), aws.String(c.code)
			got := do(t, client.GetServiceQuota, &servicequotas.GetServiceQuotaInput{
				ServiceCode: service, QuotaCode: number,
			}).Quota
			plain := do(t, client.GetAWSDefaultServiceQuota, &servicequotas.GetAWSDefaultServiceQuotaInput{
				ServiceCode: service, QuotaCode: number,
			}).Quota
			if *got.Value != c.applied || *plain.Value != c.byDefault {
				t.Errorf("applied %v, default %v", *got.Value, *plain.Value)
			}
		})
	}
	listed := do(t, client.ListServiceQuotas, &servicequotas.ListServiceQuotasInput{ServiceCode: aws.String("vpc")}).Quotas
	if len(listed) < 3 {
		t.Errorf("listed %v", listed)
	}
	refused(t, "NoSuchResourceException", client.GetServiceQuota, &servicequotas.GetServiceQuotaInput{
		ServiceCode: aws.String("vpc"), QuotaCode: aws.String("L-0"),
	})
}
