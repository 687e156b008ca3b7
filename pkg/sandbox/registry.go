package sandbox

import (
	"net/http"

	"provision/pkg/sandbox/wire"
)

// registry is what the sandbox can do: filled once by the areas, then only read.
type registry struct {
	operations map[string]*operation                              // by service:Action
	effects    map[string]func(*region, string)                   // by name
	web        func(*Sandbox, *http.Request) (*wire.Reply, error) // what load balancers answer
}

// handler serves one call with the account locked. Its result is written with `wire` tags (query protocols)
// or as JSON; a *[wire.Reply] is written as it is. A handler that returns an error has changed nothing.
type handler func(*call) (any, error)

type operation struct {
	service, action string
	traits          trait
	handle          handler
}

type trait int

const (
	reads   trait = 0
	mutates trait = 1 << iota // changes something; saved before it is answered
	tokened                   // a ClientToken makes it repeatable
)

func (o *operation) is(t trait) bool { return o.traits&t != 0 }

// areas fill the registry, one for each kind of thing or service.
func newRegistry(areas []func(*registry)) *registry {
	reg := &registry{
		operations: map[string]*operation{},
		effects:    map[string]func(*region, string){},
	}
	for _, area := range areas {
		area(reg)
	}
	return reg
}

// add registers an operation; service is the name in the credential scope of signed requests.
func (reg *registry) add(service, action string, traits trait, handle handler) {
	name := service + ":" + action
	if reg.operations[name] != nil {
		panic("sandbox: two operations " + name)
	}
	reg.operations[name] = &operation{service, action, traits, handle}
}

func (reg *registry) ec2(action string, traits trait, handle handler) {
	reg.add("ec2", action, traits, handle)
}

// effect registers what can be planned by name with [region.after].
func (reg *registry) effect(name string, run func(r *region, id string)) {
	if reg.effects[name] != nil {
		panic("sandbox: two effects " + name)
	}
	reg.effects[name] = run
}
