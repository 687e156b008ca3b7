package graph

// These tags are on every resource of a stack.
const (
	TagName  = "Name"
	TagStack = "provision:stack"
	TagKey   = "provision:key"
	TagOwner = "provision:owner" // a ULID minted with the state: two stacks of one name have two owners
	TagNonce = "provision:nonce" // one for each create: finds the resource if the answer was lost
)

// TagBootstrap is on what a pipeline needs in its account, which is no part of any stack; its value is a stack's name.
const TagBootstrap = "provision:bootstrap"

// Identity has the fields of an observed resource that the engine needs. Observed values embed it.
type Identity struct {
	ID   string
	Tags map[string]string
}

// Ident implements [Observed].
func (i Identity) Ident() Identity { return i }

// Stack, Owner, Key and Nonce read the tags that identify the resource's owner.
func (i Identity) Stack() string { return i.Tags[TagStack] }
func (i Identity) Owner() string { return i.Tags[TagOwner] }
func (i Identity) Key() Key      { return Key(i.Tags[TagKey]) }
func (i Identity) Nonce() string { return i.Tags[TagNonce] }

// Owner is the stack on whose behalf the engine works.
type Owner struct {
	Stack string
	ID    string // the ULID
}

// Owns reports whether the resource carries this owner's tags.
func (w Owner) Owns(i Identity) bool { return i.Owner() == w.ID && i.Stack() == w.Stack }
