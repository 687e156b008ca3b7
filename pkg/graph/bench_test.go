package graph

import (
	"fmt"
	"testing"
)

// wide is a graph of many nodes, in kinds of a hundred; each node needs three of the kind before.
func wide(nodes int) shape {
	const perKind = 100
	var s shape
	for i := range nodes {
		n := node{key: Join(fmt.Sprintf("kind-%03d", i/perKind), fmt.Sprint(i%perKind))}
		if i >= perKind {
			before := i/perKind*perKind - perKind
			n.needs = []edge{{to: before + i%perKind}, {to: before + i*7%perKind, made: true}, {to: before + i*13%perKind, update: true}}
		}
		s.nodes = append(s.nodes, n)
	}
	return s
}

const many = 10_000

func BenchmarkApply(b *testing.B) {
	s := wide(many)
	for b.Loop() {
		if err := up(b.Context(), toyEngine(newNotebook()), s.build(newWorld())); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPlan(b *testing.B) {
	s, w, j := wide(many), newWorld(), newNotebook()
	if err := up(b.Context(), toyEngine(j), s.build(w)); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		plan, err := toyEngine(j).Plan(b.Context(), s.build(w))
		if err != nil {
			b.Fatal(err)
		}
		if n := len(plan.Changed()); n > 0 {
			b.Fatalf("%d changes", n)
		}
	}
}
