package main

import (
	_ "embed"
	"fmt"
	"html"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"
)

//go:embed terminal.css
var style string

// Sizes in pixels, and how long the last frame is shown.
const (
	cellWidth  = 8.4
	lineHeight = 18
	border     = 14
	titleBar   = 30
	lastStays  = 5 * time.Second
)

// draw makes the picture. Lines that many frames show are in it once.
func draw(film []frame, columns, rows int) string {
	width, height := float64(columns)*cellWidth+2*border, rows*lineHeight+titleBar+border
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %d" width="%.0f" height="%d" role="img">`+"\n",
		width, height, width, height)
	fmt.Fprintf(&b, "<title>%s</title>\n<style>\n%s%s</style>\n", html.EscapeString(words(film[len(film)-1])), style, motion(film))
	fmt.Fprintf(&b, `<rect class="window" width="%.0f" height="%d" rx="8"/>`+"\n", width, height)
	for i := range 3 {
		fmt.Fprintf(&b, `<circle class="button" cx="%d" cy="16" r="5"/>`, 20+i*18)
	}
	b.WriteString("\n<defs>\n")
	names := map[string]string{}
	for _, f := range film {
		for _, line := range f.lines {
			text := drawLine(line)
			if _, known := names[text]; !known && text != "" {
				names[text] = fmt.Sprintf("l%d", len(names))
				fmt.Fprintf(&b, "<g id=\"%s\">%s</g>\n", names[text], text)
			}
		}
	}
	b.WriteString("</defs>\n")
	for i, f := range film {
		fmt.Fprintf(&b, `<g class="frame f%d">`, i)
		for row, line := range f.lines {
			if text := drawLine(line); text != "" {
				fmt.Fprintf(&b, `<use href="#%s" x="%d" y="%d"/>`, names[text], border, titleBar+row*lineHeight+13)
			}
		}
		b.WriteString("</g>\n")
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// drawLine gives each piece its place and width, so that columns line up in any font.
func drawLine(pieces []piece) string {
	var b strings.Builder
	for _, p := range pieces {
		text := strings.TrimRight(p.text, " ")
		lead := len(text) - len(strings.TrimLeft(text, " "))
		text = text[lead:]
		class := ""
		if p.class != "" {
			class = fmt.Sprintf(` class="%s"`, p.class)
		}
		fmt.Fprintf(&b, `<text x="%.1f" textLength="%.1f" lengthAdjust="spacingAndGlyphs"%s>%s</text>`,
			float64(p.column+lead)*cellWidth, float64(ansi.StringWidth(text))*cellWidth, class, html.EscapeString(text))
	}
	return b.String()
}

// motion shows each frame at its time, over and over.
func motion(film []frame) string {
	if len(film) == 1 {
		return ""
	}
	start := film[0].at
	all := film[len(film)-1].at - start + lastStays
	share := func(at time.Duration) float64 { return 100 * float64(at-start) / float64(all) }
	var b strings.Builder
	for i, f := range film {
		until := 100.0
		if i+1 < len(film) {
			until = share(film[i+1].at)
		}
		fmt.Fprintf(&b, "@keyframes k%d { 0%%, 100%% { visibility: hidden } %.2f%%, %.2f%% { visibility: visible } %.2f%% { visibility: hidden } }\n",
			i, share(f.at), until-0.01, until)
		fmt.Fprintf(&b, ".f%d { animation: k%d %.2fs step-end infinite; visibility: hidden }\n", i, i, all.Seconds())
	}
	fmt.Fprintf(&b, "@media (prefers-reduced-motion: reduce) { .frame { animation: none } .f%d { visibility: visible } }\n", len(film)-1)
	return b.String()
}

// words are a frame for those who can't see it.
func words(f frame) string {
	var all []string
	for _, line := range f.lines {
		var text strings.Builder
		for _, p := range line {
			text.WriteString(p.text)
		}
		all = append(all, strings.TrimSpace(text.String()))
	}
	return strings.TrimSpace(strings.Join(all, "\n"))
}
