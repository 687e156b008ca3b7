package policy

// What the tests compare with the code.
var (
	Implied        = implied
	Administration = administration
)
