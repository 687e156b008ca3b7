package sandbox

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"sync"
)

// A parameter that the sandbox does not know is refused by its name: dropped in silence, it would seem to work. There is
// no list of the known ones: known is what the operation reads. A call that changes something is rehearsed on a copy of
// its region to find that out before anything has changed, unless a call of the same shape was.

// understood are the calls all of whose parameters were read, by service:Action and shape.
var understood sync.Map

// handle runs the operation, unless the call has a parameter that the operation does not read.
func (c *call) handle(op *operation) (any, error) {
	shape := c.shape()
	if _, ok := understood.Load(shape); ok {
		return op.handle(c)
	}
	if !op.is(mutates) {
		return c.watch(op, shape)
	}
	if err := c.rehearse(op, shape); err != nil {
		return nil, err
	}
	return op.handle(c)
}

// shape is the call's operation with the names of its parameters.
func (c *call) shape() string { return c.service + ":" + c.action + "\n" + c.Shape() }

// watch runs the operation and refuses what it did not read. An error of the operation's own comes first: the operation
// stops at it, and has not looked at all parameters then.
func (c *call) watch(op *operation, shape string) (any, error) {
	plain := c.Params
	watched, reads := plain.Watched()
	if op.is(tokened) {
		watched.Ignore("ClientToken") // it is read by [call.once]
	}
	if c.service == "ec2" {
		watched.Ignore("DryRun")
	}
	c.Params = watched
	out, err := op.handle(c)
	c.Params = plain
	if err != nil {
		return nil, err
	}
	if unread := plain.Unread(reads); unread != "" {
		return nil, c.noParameter(unread)
	}
	understood.Store(shape, true)
	return out, nil
}

// rehearse refuses what the operation would not read, and changes nothing. Other errors are left to the operation itself.
func (c *call) rehearse(op *operation, shape string) error {
	stage, err := c.rehearsal()
	if err != nil {
		return err
	}
	_, err = stage.watch(op, shape)
	if refusal, ok := errors.AsType[*Error](err); ok && refusal.Code == notHere {
		return refusal
	}
	return nil
}

// rehearsal is the call in an account that has a copy of all that the call is about.
func (c *call) rehearsal() (*call, error) {
	out := *c
	out.account = &account{sandbox: c.sandbox, id: c.account.id, regions: map[string]*region{}}
	var err error
	if out.global, err = c.global.copyTo(out.account); err != nil {
		return nil, err
	}
	out.region, err = c.region.copyTo(out.account)
	return &out, err
}

// copyTo is a copy of the region in an account that has nothing there.
func (r *region) copyTo(a *account) (*region, error) {
	encoded, err := r.encode()
	if err != nil {
		return nil, fmt.Errorf("region %s: %w", r.name, err)
	}
	out := a.region(r.name)
	out.now, out.news = r.now, maps.Clone(r.news)
	return out, out.restore(encoded)
}

// noParameter is the answer for a parameter that the sandbox does not have.
func (c *call) noParameter(name string) *Error {
	return notImplemented("The sandbox does not implement the parameter %s of %s:%s", name, c.service, c.action)
}

const notHere = "NotImplemented"

// notImplemented is the answer for what AWS has and the sandbox has not: unlike any of AWS's own refusals, so that no
// test takes it for one.
func notImplemented(format string, args ...any) *Error {
	return &Error{Code: notHere, Status: http.StatusNotImplemented, Message: fmt.Sprintf(format, args...)}
}
