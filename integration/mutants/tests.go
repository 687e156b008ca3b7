package mutants

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// test is one test of a package, and which mutants it comes by.
type test struct {
	name    string
	took    time.Duration
	reaches map[int]bool
}

// suite is the compiled tests of a package.
type suite struct {
	program string
	dir     string // where the tests run: their package's folder
	short   bool
	quiet   []string // arguments that keep the tests from writing into that folder
	workers int
	pattern string // of the tests that are asked
}

// slack is added to every limit: it catches a test that hangs, and never one that is slow because others work.
const slack = time.Minute

// survey runs each test on its own, without a mutant, and notes what it comes by.
func (s suite) survey(ctx context.Context) ([]test, error) {
	out, err := s.command(ctx, "-test.list", s.pattern).Output()
	if err != nil {
		return nil, fmt.Errorf("list the tests: %w", withOutput(err))
	}
	names := slices.DeleteFunc(strings.Fields(string(out)), func(name string) bool { return !strings.HasPrefix(name, "Test") })
	if len(names) == 0 {
		return nil, fmt.Errorf("no test's name matches %s", s.pattern)
	}
	tests := make([]test, len(names))
	failed := make([]error, len(names))
	s.each(len(names), func(i int) { tests[i], failed[i] = s.reach(ctx, names[i]) })
	return tests, errors.Join(failed...)
}

func (s suite) reach(ctx context.Context, name string) (test, error) {
	log, err := os.CreateTemp(filepath.Dir(s.program), "reached")
	if err != nil {
		return test{}, err
	}
	_ = log.Close()
	command := s.command(ctx, "-test.run", "^"+name+"$", "-test.timeout", "30m")
	command.Env = append(command.Env, reachedVariable+"="+log.Name())
	start := time.Now()
	if out, err := command.CombinedOutput(); err != nil {
		return test{}, fmt.Errorf("%s fails without a mutant: %w\n%s", name, err, out)
	}
	found := test{name: name, took: time.Since(start), reaches: map[int]bool{}}
	numbers, err := os.ReadFile(log.Name())
	if err != nil {
		return test{}, err
	}
	for each := range strings.FieldsSeq(string(numbers)) {
		number, err := strconv.Atoi(each)
		if err != nil {
			return test{}, err
		}
		found.reaches[number] = true
	}
	return found, nil
}

// killed reports whether any of the tests that come by a mutant fails with it. The quickest are asked first, and each time
// thrice as many: most mutants are killed by the first few, and the slowest tests are seldom needed.
func (s suite) killed(ctx context.Context, number int, tests []test) (bool, error) {
	var asked []test
	for _, each := range tests {
		if each.reaches[number] {
			asked = append(asked, each)
		}
	}
	slices.SortFunc(asked, func(a, b test) int { return cmp.Compare(a.took, b.took) })
	for some := 3; len(asked) > 0; some *= 3 {
		some = min(some, len(asked))
		if killed, err := s.fails(ctx, number, asked[:some]); killed || err != nil {
			return killed, err
		}
		asked = asked[some:]
	}
	return false, nil
}

func (s suite) fails(ctx context.Context, number int, tests []test) (bool, error) {
	var names []string
	limit := slack
	for _, each := range tests {
		names, limit = append(names, each.name), limit+3*each.took
	}
	limited, stop := context.WithTimeout(ctx, limit)
	defer stop()
	command := s.command(limited, "-test.failfast", "-test.run", "^("+strings.Join(names, "|")+")$", "-test.timeout", "0")
	command.Env = append(command.Env, chosenVariable+"="+strconv.Itoa(number))
	err := command.Run()
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	if _, ended := errors.AsType[*exec.ExitError](err); ended || limited.Err() != nil {
		return true, nil
	}
	return false, err
}

// command is a run of the tests. A mutant may allocate without end: its memory is limited.
func (s suite) command(ctx context.Context, args ...string) *exec.Cmd {
	args = append(args, s.quiet...)
	if s.short {
		args = append(args, "-test.short")
	}
	command := exec.CommandContext(ctx, "/bin/sh", append([]string{"-c", `ulimit -v 8000000; exec "$0" "$@"`, s.program}, args...)...)
	command.Dir = s.dir
	command.Env = os.Environ()
	command.WaitDelay = 10 * time.Second // what a mutant left running
	return command
}

func (s suite) each(count int, do func(i int)) {
	var all sync.WaitGroup
	next := make(chan int)
	for range s.workers {
		all.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := range count {
		next <- i
	}
	close(next)
	all.Wait()
}
