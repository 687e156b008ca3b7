package compute

import "testing"

func TestArchitectureOf(t *testing.T) {
	for instanceType, want := range map[string]Architecture{
		"t3.micro": X86, "m7i-flex.large": X86, "c6a.large": X86, "g4dn.xlarge": X86, "g4ad.xlarge": X86, "gr6.4xlarge": X86,
		"g6e.xlarge": X86, "p5en.48xlarge": X86, "p6-b200.48xlarge": X86, "u7i-12tb.224xlarge": X86, "u-6tb1.metal": X86,
		"trn1.2xlarge": X86, "i7ie.large": X86, "": X86, "t4": X86,
		"a1.medium": ARM, "t4g.micro": ARM, "m7g.large": ARM, "m7gd.large": ARM, "c6gn.large": ARM, "c8gb.large": ARM,
		"im4gn.large": ARM, "is4gen.medium": ARM, "x2gd.medium": ARM, "hpc7g.4xlarge": ARM, "g5g.xlarge": ARM,
		"p6e-gb200.36xlarge": ARM,
	} {
		if got := ArchitectureOf(instanceType); got != want {
			t.Errorf("%q: got %s, want %s", instanceType, got, want)
		}
	}
}
