package graph

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// crowd is a kind of which one call deletes several.
type crowd struct {
	toyKind
	failed map[string]error
	err    error
	calls  *[][]string
}

func (c crowd) Delete(_ context.Context, o toyState) error {
	*c.calls = append(*c.calls, []string{o.ID})
	return nil
}

func (c crowd) DeleteTogether(_ context.Context, all []toyState) (map[string]error, error) {
	var ids []string
	for _, o := range all {
		ids = append(ids, o.ID)
	}
	*c.calls = append(*c.calls, ids)
	return c.failed, c.err
}

func TestOneCallDeletesABatch(t *testing.T) {
	held := errors.New("held")
	for name, tc := range map[string]struct {
		failed map[string]error
		err    error
		want   [][]string
		errs   []error
	}{
		"all go":                    {nil, nil, [][]string{{"a", "b"}}, []error{nil, nil}},
		"one stays":                 {map[string]error{"b": held}, nil, [][]string{{"a", "b"}}, []error{nil, held}},
		"the call is refused":       {nil, held, [][]string{{"a", "b"}, {"a"}, {"b"}}, []error{nil, nil}},
		"who asks again goes alone": {map[string]error{"a": held}, nil, [][]string{{"a", "b"}, {"a"}}, []error{nil, nil}},
	} {
		t.Run(name, func(t *testing.T) {
			var calls [][]string
			k := kindOf[toyState]{crowd{toyKind{name: "crowd"}, tc.failed, tc.err, &calls}}
			var things []doomed
			for _, id := range []string{"a", "b"} {
				own := Identity{ID: id, Tags: map[string]string{TagStack: toyOwner.Stack, TagOwner: toyOwner.ID}}
				things = append(things, doomed{k, Join("crowd", id), toyState{Identity: own, Ready: true}})
			}
			r := &run{Engine: toyEngine(newNotebook()), graph: New("toyland")}
			r.gather(things)

			errs := []error{r.remove(t.Context(), k, things[0].o), r.remove(t.Context(), k, things[1].o)}
			if errs[0] != nil { // as the engine does
				errs[0] = r.remove(t.Context(), k, things[0].o)
			}
			if diff := cmp.Diff(tc.want, calls); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
			if !slices.Equal(tc.errs, errs) {
				t.Errorf("errors %v, want %v", errs, tc.errs)
			}
		})
	}
}
