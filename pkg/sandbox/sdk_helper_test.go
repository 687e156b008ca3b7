package sandbox_test

import (
	"context"
	"testing"
)

// do makes a call that must succeed.
func do[I, O, F any](t *testing.T, call func(context.Context, I, ...F) (O, error), in I) O {
	t.Helper()
	out, err := call(t.Context(), in)
	if err != nil {
		t.Fatalf("%T: %v", in, err)
	}
	return out
}

// refused makes a call that must fail with an error code.
func refused[I, O, F any](t *testing.T, want string, call func(context.Context, I, ...F) (O, error), in I) {
	t.Helper()
	_, err := call(t.Context(), in)
	if got := code(t, err); got != want {
		t.Errorf("%T: %q instead of %s (%v)", in, got, want, err)
	}
}
