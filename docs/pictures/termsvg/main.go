// Command termsvg makes an SVG of what a terminal showed: one still, or many that follow each other.
//
//	termsvg [-columns 80] [-rows 24] FRAME... > picture.svg
//
// A frame is a file with what `tmux capture-pane -e -p` printed; its name is the millisecond at which it was seen. The
// picture follows the reader's light or dark theme, and stands still for who asked for less motion.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

func main() {
	columns, rows := flag.Int("columns", 80, "columns of the terminal"), flag.Int("rows", 24, "rows of the terminal")
	flag.Parse()
	if err := run(os.Stdout, *columns, *rows, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "termsvg:", err)
		os.Exit(1)
	}
}

func run(w io.Writer, columns, rows int, files []string) error {
	var film []frame
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
		ms, err := strconv.Atoi(name)
		if err != nil {
			return fmt.Errorf("%s: the name of a frame is its time in milliseconds", file)
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		film = append(film, frame{at: time.Duration(ms) * time.Millisecond, lines: parse(string(text), rows)})
	}
	if len(film) == 0 {
		return fmt.Errorf("no frame is given")
	}
	slices.SortFunc(film, func(a, b frame) int { return int(a.at - b.at) })
	_, err := io.WriteString(w, draw(distinct(film), columns, rows))
	return err
}

// frame is what was shown from a time on.
type frame struct {
	at    time.Duration
	lines [][]piece
}

// distinct leaves out frames that show the same as the one before.
func distinct(film []frame) []frame {
	return slices.CompactFunc(film, func(a, b frame) bool {
		return slices.EqualFunc(a.lines, b.lines, slices.Equal)
	})
}
