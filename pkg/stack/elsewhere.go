package stack

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"provision/pkg/cloud"
	"provision/pkg/graph"
)

// ElsewhereError says that what a stack has once was kept: a region that this state does not know has resources of its
// owner, which need it.
type ElsewhereError struct{ Regions []string }

func (e *ElsewhereError) Error() string {
	return fmt.Sprintf("the role is kept: %s, which this state does not know, still has resources of the stack", strings.Join(e.Regions, ", "))
}

// removeShared deletes what a stack has once, unless another region of the account has anything of this owner. Only at
// this moment every enabled region is asked, in parallel: a state may know less than was created, and instances
// without their role can't be reached any more.
func (s *Stack) removeShared(ctx context.Context, part *RemovalPart) Result {
	// Emulators build a region when it is first looked at, which takes longer than the rest of the removal; resources
	// left in one cost nothing.
	if part.Err != nil || len(part.Removal.Steps) == 0 || s.Cloud.Custom() != "" {
		return s.removeAndTell(ctx, part)
	}
	others, err := s.elsewhere(ctx)
	if err == nil && len(others) > 0 {
		err = &ElsewhereError{others}
	}
	if err != nil {
		result := Result{Region: part.Region, Kept: true, Err: err}
		s.tell(result, graph.Event{Region: part.Region, Type: graph.Deleted})
		return result
	}
	return s.removeAndTell(ctx, part)
}

// elsewhere are the enabled regions, beyond those of this run, in which something of the owner's is there. A region that
// the identity has no permission to read is left out: it could have created nothing there.
func (s *Stack) elsewhere(ctx context.Context) ([]string, error) {
	enabled, err := s.Cloud.EnabledRegions(ctx, s.Regions[0])
	if err != nil {
		return nil, err
	}
	enabled = slices.DeleteFunc(enabled, func(region string) bool { return slices.Contains(s.Regions, region) })
	holds := make([]bool, len(enabled))
	group, ctx := errgroup.WithContext(ctx)
	for i, region := range enabled {
		group.Go(func() (err error) {
			if holds[i], err = s.holds(ctx, region); cloud.IsDenied(err) {
				return nil
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, fmt.Errorf("look for resources of the stack in other regions: %w", err)
	}
	var others []string
	for i, region := range enabled {
		if holds[i] {
			others = append(others, region)
		}
	}
	return others, nil
}

// holds says whether anything of the owner's is in a region. Tags are listed for a while after what carried them is
// gone, so that where there are any, the things themselves are listed.
func (s *Stack) holds(ctx context.Context, region string) (bool, error) {
	tagged, err := s.tagged(ctx, region)
	if err != nil || len(tagged) == 0 {
		return false, err
	}
	there, err := s.engine(region).Survey(ctx, s.surveyed(region, tagged))
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(there, func(step graph.Step) bool {
		return s.owner().Owns(step.Observed.Ident()) && step.Phase != graph.Leaving && step.Phase != graph.Gone
	}), nil
}
