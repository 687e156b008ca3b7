package ui

import (
	"io"
	"strconv"

	"provision/pkg/foreign"
	"provision/pkg/stack"
	"provision/pkg/ui/paint"
)

// Node is an instance, for programs.
type Node struct {
	Region    string `json:"region"`
	ID        string `json:"id"`
	Zone      string `json:"zone"`
	Type      string `json:"type"`
	Lifecycle string `json:"lifecycle"`
	Health    string `json:"health"`
	Reachable bool   `json:"reachable"` // by Session Manager
}

// Nodes are the instances for programs.
func Nodes(nodes []stack.Node) []Node {
	all := []Node{}
	for _, n := range nodes {
		all = append(all, Node{
			Region: n.Region, ID: n.Member.ID, Zone: n.Member.Zone, Type: n.Member.Type,
			Lifecycle: string(n.Member.Lifecycle), Health: n.Member.Health, Reachable: n.Reachable,
		})
	}
	return all
}

// NodeTable shows instances, numbered from 1.
func NodeTable(w io.Writer, nodes []stack.Node) {
	t := &table{}
	t.head("", "REGION", "INSTANCE", "ZONE", "STATE", "SHELL")
	for i, n := range nodes {
		reachable := paint.Good.Render("reachable")
		if !n.Reachable {
			reachable = paint.Warning.Render("not reachable")
		}
		cells := foreign.Lines([]string{n.Region, n.Member.ID, n.Member.Zone, string(n.Member.Lifecycle)})
		t.add(append(append([]string{strconv.Itoa(i + 1)}, cells...), reachable)...)
	}
	t.print(w, "")
}
