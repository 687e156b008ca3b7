// Package ui turns plans, events, outcomes and status into what people and programs read: lines, tables, JSON.
//
// Writers are given to it; those for terminals translate or strip colours by themselves, so that nothing here asks
// what the output is. It must not call AWS, and must not decide anything.
package ui
