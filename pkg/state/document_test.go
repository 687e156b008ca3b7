package state

import (
	"errors"
	"testing"
)

// A state is refused by a run elsewhere, and the error names what differs, and both sides. What identifies no place, such as
// the owner, does not count.
func TestAStateIsRefusedElsewhere(t *testing.T) {
	at := func(change func(*Head)) Head {
		h := someHead
		change(&h)
		return h
	}
	aws, box := someHead, at(func(h *Head) { h.Sandbox = true })
	local, other := at(func(h *Head) { h.Endpoint = "localhost" }), at(func(h *Head) { h.Endpoint = "example.com" })
	for name, c := range map[string]struct {
		state, run Head
		want       *IdentityError
	}{
		"the same":             {aws, aws, nil},
		"the same endpoint":    {local, local, nil},
		"the same sandbox":     {box, box, nil},
		"another owner":        {aws, at(func(h *Head) { h.Owner = owner2 }), nil},
		"another stack":        {aws, at(func(h *Head) { h.Stack = "blog" }), &IdentityError{"stack", "web", "blog"}},
		"another account":      {aws, at(func(h *Head) { h.Account = "1" }), &IdentityError{"account", someHead.Account, "1"}},
		"no account":           {aws, at(func(h *Head) { h.Account = "" }), &IdentityError{"account", someHead.Account, ""}},
		"sandbox, then AWS":    {box, aws, &IdentityError{"place", "the sandbox", "AWS"}},
		"AWS, then sandbox":    {aws, box, &IdentityError{"place", "AWS", "the sandbox"}},
		"AWS, then another":    {aws, local, &IdentityError{"place", "AWS", "the endpoint localhost"}},
		"another endpoint":     {local, other, &IdentityError{"place", "the endpoint localhost", "the endpoint example.com"}},
		"sandbox all the same": {box, at(func(h *Head) { h.Sandbox, h.Endpoint = true, "localhost" }), nil},
	} {
		err := c.state.Check(c.run)
		got, ok := errors.AsType[*IdentityError](err)
		if (err == nil) != (c.want == nil) || ok && *got != *c.want {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
}
