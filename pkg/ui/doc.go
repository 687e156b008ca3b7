// Package ui turns plans, events, outcomes and status into what people and programs read: lines, tables, JSON.
//
// The live view is in package live, the drawings are in package diagram, and package paint has the colours. The caller
// passes the writers; those for terminals translate or strip colours automatically. It must not call AWS, and must not
// decide anything.
package ui
