package main

import (
	"fmt"
	"strings"
	"time"

	"provision/integration/performance"
)

const (
	width, height = 640, 300
	left, bottom  = 60, 40
	top, right    = 30, 20
)

// plot draws how long up and down take over the number of regions, as SVG.
func plot(lives []performance.Life) string {
	most, longest := 1, time.Minute
	for _, l := range lives {
		most, longest = max(most, l.Regions), max(longest, l.Up.Took, l.Down.Took)
	}
	longest = (longest/time.Minute + 1) * time.Minute
	x := func(regions int) float64 {
		return left + float64(regions)/float64(most)*(width-left-right)
	}
	y := func(took time.Duration) float64 {
		return height - bottom - float64(took)/float64(longest)*(height-bottom-top)
	}
	var svg strings.Builder
	const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">`
	fmt.Fprintf(&svg, head+"\n", width, height)
	fmt.Fprintf(&svg, `<rect width="%d" height="%d" fill="white"/>`+"\n", width, height)
	for minutes := range int(longest/time.Minute) + 1 {
		at := y(time.Duration(minutes) * time.Minute)
		fmt.Fprintf(&svg, `<path d="M%d %.1fH%d" stroke="#ddd"/><text x="%d" y="%.1f" text-anchor="end">%d min</text>`+"\n",
			left, at, width-right, left-6, at+4, minutes)
	}
	for _, l := range lives {
		fmt.Fprintf(&svg, `<text x="%.1f" y="%d" text-anchor="middle">%d</text>`+"\n",
			x(l.Regions), height-bottom+18, l.Regions)
	}
	fmt.Fprintf(&svg, `<text x="%d" y="%d" text-anchor="middle">regions</text>`+"\n", (left+width-right)/2, height-6)
	for i, line := range []struct {
		name, color string
		took        func(performance.Life) time.Duration
	}{
		{"up", "#0b6e4f", func(l performance.Life) time.Duration { return l.Up.Took }},
		{"down", "#b3541e", func(l performance.Life) time.Duration { return l.Down.Took }},
		{"idle up", "#33658a", func(l performance.Life) time.Duration { return l.Idle.Took }},
	} {
		var points []string
		for _, l := range lives {
			points = append(points, fmt.Sprintf("%.1f,%.1f", x(l.Regions), y(line.took(l))))
		}
		fmt.Fprintf(&svg, `<polyline points="%s" fill="none" stroke="%s" stroke-width="2"/>`+"\n",
			strings.Join(points, " "), line.color)
		fmt.Fprintf(&svg, `<text x="%d" y="18" fill="%s">%s</text>`+"\n", left+i*70, line.color, line.name)
	}
	svg.WriteString("</svg>\n")
	return svg.String()
}
