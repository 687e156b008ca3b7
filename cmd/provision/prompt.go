package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

// yes is the word that allows what makes or changes; what removes wants the stack's name.
const yes = "yes"

// confirm asks for a word, unless --yes. Where there is nobody to answer, nothing is changed, but in the sandbox: what
// is made there costs nothing, so that a first try needs no terminal.
func confirm(ctx context.Context, t terminal, f *flags, question, word string) error {
	if f.yes {
		return nil
	}
	ask := fmt.Sprintf("Type %q to go on: ", word)
	if word != yes {
		ask = fmt.Sprintf("Type the stack's name, %q, to go on: ", word)
	}
	fmt.Fprint(t.err, "\n"+question+" "+ask)
	if t.stop != nil { // nothing is under way that would have to be finished
		defer t.stop.show(func(string) {}, func() {})()
	}
	type answer struct {
		text string
		err  error
	}
	answers := make(chan answer, 1)
	go func() {
		text, err := bufio.NewReader(t.in).ReadString('\n')
		answers <- answer{text, err}
	}()
	select {
	case <-ctx.Done():
		fmt.Fprintln(t.err)
		if stopped, ok := errors.AsType[stoppedError](context.Cause(ctx)); ok {
			stopped.asked = true
			return stopped
		}
		return context.Cause(ctx)
	case got := <-answers:
		said := strings.TrimSpace(got.text)
		switch {
		case said == word:
			return nil
		case said != "" && said != "n" && said != "no":
			return fmt.Errorf("%w (%q is not %q)", errDeclined, said, word)
		case errors.Is(got.err, io.EOF) && got.text == "":
			fmt.Fprintln(t.err)
			if t.answers() {
				return errDeclined
			}
			if f.sandbox && word == yes {
				fmt.Fprintln(t.err, "Nobody answers; it is only the sandbox, so it goes on.")
				return nil
			}
			return fmt.Errorf("%w (there was nobody to ask; --yes goes without)", errDeclined)
		}
		return errDeclined
	}
}
