package state

import (
	"errors"
	"io/fs"
	"testing"
)

// A message states the problem; package ending adds the next step.
func TestMessages(t *testing.T) {
	holder := Holder{PID: 4711, Host: "laptop", User: "ada", Command: "up", Since: someTime}
	runner := Holder{PID: 1, Host: "runner-7", Command: "down", Region: "eu-west-1", Since: someTime}
	for _, c := range []struct {
		err  error
		want string
	}{
		{
			&CorruptError{Location: "web.json", Cause: "it is cut off"},
			"the state web.json can't be used: it is cut off; it was left as it is",
		},
		{
			&NewerError{Location: "web.json", Schema: 2},
			"the state web.json has schema 2 and this program reads up to 1: a newer program wrote it; it was left as it is",
		},
		{
			Head{Stack: "web", Account: "1"}.Check(Head{Stack: "web", Account: "2"}),
			"the state is of account 1, and this run is of account 2: use the credentials, endpoint and name that " +
				"created it, or another --state; `provision recover` builds a state from the resources here",
		},
		{
			Head{Stack: "web", Sandbox: true}.Check(Head{Stack: "web", Endpoint: "localhost"}),
			"the state is of the sandbox, and this run is of the endpoint localhost: pass --sandbox, or keep a separate state " +
				"for the endpoint localhost with --name or --state",
		},
		{
			Head{Stack: "web"}.Check(Head{Stack: "web", Sandbox: true}),
			"the state is of AWS, and this run is of the sandbox: omit --sandbox, or keep a separate state for the " +
				"sandbox with --name or --state",
		},
		{
			&LockedError{Location: "web.json", Holder: holder},
			"the state web.json is locked by `up` (process 4711 on host laptop, user ada) since 2026-11-24T03:04:05Z",
		},
		{
			&LostError{Location: "s3://b/web", Err: errors.New("its lease ran out")},
			"the lock of the state s3://b/web is no longer this run's: its lease ran out; the run creates and writes nothing more",
		},
		{
			&WriteError{Location: "web.json", Err: fs.ErrPermission},
			"the state web.json can't be written: permission denied; the run creates nothing more",
		},
		{
			&UnwritableError{Location: "web.json", Err: fs.ErrPermission},
			"the state can't be kept at web.json: permission denied",
		},
	} {
		if got := c.err.Error(); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
	want := "`down` (process 1 on host runner-7) since 2026-11-24T03:04:05Z for eu-west-1"
	if got := runner.String(); got != want {
		t.Errorf("got %s", got)
	}
}
