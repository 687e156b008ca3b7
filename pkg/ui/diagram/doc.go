// Package diagram draws a stack: regions and the resources in them, the routes in and out, and the health of each.
//
// picture.go is what is drawn, and build.go makes it from a status. layout.go gives each thing its place, and one file
// per form draws it: svg.go, html.go, mermaid.go, dot.go. Everything that is written is escaped where it is written,
// in markup.go. The package makes no call, and its output is the same for the same status.
package diagram
