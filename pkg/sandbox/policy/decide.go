package policy

// Decision is what policies decide, in the words of the policy simulator.
type Decision string

// The decisions.
const (
	Allowed      Decision = "allowed"
	ExplicitDeny Decision = "explicitDeny"
	ImplicitDeny Decision = "implicitDeny"
)

// Request is what is decided about: an action on a resource, under what is known of the request.
type Request struct {
	Action, Resource string
	Keys             Keys
}

// Decide is "Policy evaluation logic" for one account: an explicit deny wins, and what nothing allows is denied. The
// managed policies are named by their ARNs.
func Decide(managed []string, statements []Statement, r Request) (Decision, error) {
	decision := ImplicitDeny
	for _, arn := range managed {
		if ManagedAllows(arn, r.Action) {
			decision = Allowed
		}
	}
	for _, s := range statements {
		switch applies, err := s.applies(r); {
		case err != nil:
			return "", err
		case applies && s.Effect == "Deny":
			return ExplicitDeny, nil
		case applies:
			decision = Allowed
		}
	}
	return decision, nil
}

func (s Statement) applies(r Request) (bool, error) {
	if !s.covers(r.Action, r.Resource) {
		return false, nil
	}
	return s.Holds(r.Keys)
}

// Holds says whether the statement's conditions hold.
func (s Statement) Holds(keys Keys) (bool, error) {
	block, err := s.conditions()
	if err != nil {
		return false, err
	}
	return block.hold(keys)
}
