package graph

import "context"

// kind and wish are Kind and Resource with the observed type erased, so that one graph holds them all.
type kind interface {
	kindName() string
	list(context.Context, *Look) ([]Observed, error)
	phase(Observed) (Phase, string)
	remove(context.Context, Observed) error
	blockers(context.Context, *Look, Observed) ([]Blocker, error)
	holding() bool
	guarded() bool
	obstacles(context.Context, *Look, Observed) ([]Blocker, error)
	together() bool
	removeTogether(context.Context, []Observed) (map[string]error, error)
	repeatsSafely() bool
	goesWith() string
	deletedFirst() bool
	fades(Observed) bool
	within(Observed) (id string, as Change)
	pace() Pace
	paceFor(Observed) Pace
	stuck(Observed) error
}

type wish interface {
	kind
	Key() Key
	tags() Tags
	needs() []Need
	diff(Observed) []Change
	report(Observed) []Change
	nothing() Observed
	create(context.Context, Claim) (Observed, error)
	update(context.Context, Observed, []Change) (Observed, error)
}

type kindOf[O Observed] struct{ k Kind[O] }

func (e kindOf[O]) kindName() string { return e.k.Kind() }
func (e kindOf[O]) pace() Pace       { return e.k.Pace() }

func (e kindOf[O]) list(ctx context.Context, s *Look) ([]Observed, error) {
	typed, err := e.k.List(ctx, s)
	all := make([]Observed, 0, len(typed))
	for _, o := range typed {
		all = append(all, o)
	}
	return all, err
}

// The type assertions below can't fail: an observed value only ever meets the kind that listed or created it.
func (e kindOf[O]) phase(o Observed) (Phase, string) { return e.k.Phase(o.(O)) }

func (e kindOf[O]) remove(ctx context.Context, o Observed) error { return e.k.Delete(ctx, o.(O)) }

func (e kindOf[O]) blockers(ctx context.Context, s *Look, o Observed) ([]Blocker, error) {
	if h, ok := e.k.(Blocking[O]); ok {
		return h.Blockers(ctx, s, o.(O))
	}
	return nil, nil
}

func (e kindOf[O]) holding() bool {
	_, ok := e.k.(Blocking[O])
	return ok
}

func (e kindOf[O]) together() bool {
	_, ok := e.k.(Together[O])
	return ok
}

func (e kindOf[O]) removeTogether(ctx context.Context, all []Observed) (map[string]error, error) {
	typed := make([]O, 0, len(all))
	for _, o := range all {
		typed = append(typed, o.(O))
	}
	return e.k.(Together[O]).DeleteTogether(ctx, typed)
}

func (e kindOf[O]) repeatsSafely() bool {
	r, ok := e.k.(Repeatable)
	return ok && r.RepeatsSafely()
}

func (e kindOf[O]) goesWith() string {
	if t, ok := e.k.(Tied); ok {
		return t.GoesWith()
	}
	return ""
}

func (e kindOf[O]) deletedFirst() bool {
	d, ok := e.k.(DeletedFirst)
	return ok && d.DeletedFirst()
}

// fades says whether the resource has failed, and the cloud deletes it.
func (e kindOf[O]) fades(o Observed) bool {
	f, ok := e.k.(Fading)
	phase, _ := e.phase(o)
	return ok && f.FailedFades() && phase == Failed
}

func (e kindOf[O]) within(o Observed) (id string, as Change) {
	if w, ok := e.k.(Within[O]); ok {
		return w.Within(o.(O))
	}
	return "", Change{}
}

type wishOf[O Observed] struct {
	kindOf[O]
	r Resource[O]
}

func (e wishOf[O]) Key() Key                 { return e.r.Key() }
func (e wishOf[O]) tags() Tags               { return e.r.Tags() }
func (e wishOf[O]) needs() []Need            { return e.r.Needs() }
func (e wishOf[O]) diff(o Observed) []Change { return e.r.Diff(o.(O)) }

func (e wishOf[O]) report(o Observed) []Change {
	if r, ok := e.r.(Reporting[O]); ok {
		return r.Report(o.(O))
	}
	return nil
}

func (e wishOf[O]) create(ctx context.Context, c Claim) (Observed, error) {
	return e.r.Create(ctx, c)
}

func (e wishOf[O]) update(ctx context.Context, o Observed, changes []Change) (Observed, error) {
	return e.r.Update(ctx, o.(O), changes)
}
