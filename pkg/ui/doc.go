// Package ui turns plans, events, outcomes and status into what people and programs read: lines, tables, JSON.
//
// The live view is in package live, the drawings are in package diagram, and package paint has the colours. Writers are
// given to it; those for terminals translate or strip colours by themselves. It must not call AWS, and must not decide
// anything.
package ui
