package ui

import (
	"fmt"
	"io"
	"strconv"

	"provision/pkg/stack"
)

// Calls shows the calls of a plan that change something: one line for each operation, one column for each region.
func Calls(w io.Writer, p *stack.Plan) {
	var regions []string
	var calls []stack.Calls
	for _, part := range p.Parts() {
		regions, calls = append(regions, part.Region), append(calls, part.Calls())
	}
	showCalls(w, regions, calls)
}

// RemovalCalls is [Calls] for a removal.
func RemovalCalls(w io.Writer, r *stack.Removal) {
	var regions []string
	var calls []stack.Calls
	for _, part := range r.Parts() {
		regions, calls = append(regions, part.Region), append(calls, part.Calls())
	}
	showCalls(w, regions, calls)
}

func showCalls(w io.Writer, regions []string, calls []stack.Calls) {
	all := stack.Calls{}
	for _, part := range calls {
		for name, times := range part {
			all[name] += times
		}
	}
	if all.Total() == 0 {
		fmt.Fprintln(w, "\nNo call changes anything.")
		return
	}
	t := &table{}
	t.head(append([]string{"CALL"}, regions...)...)
	for _, name := range all.Names() {
		row := []string{name}
		for _, part := range calls {
			row = append(row, times(part[name]))
		}
		t.add(row...)
	}
	fmt.Fprintln(w)
	t.print(w, "")
	fmt.Fprintf(w, "%s that change something; reads, waits and repeats come on top.\n", counted(all.Total(), "call"))
}

func times(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
