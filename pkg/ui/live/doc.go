// Package live shows a run as it moves: one row a region, its stages, and each wait with its age.
//
// [Model] is the whole of it without a terminal: events and time go in, text of a given size comes out. [View] puts a
// model on the terminal and turns keys into moves of the page. The package reads events; it must not call AWS, end
// processes, or decide anything about the run.
package live
