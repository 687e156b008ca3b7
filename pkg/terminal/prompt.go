package terminal

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"provision/pkg/ending"
	"provision/pkg/foreign"
)

// Yes is the word that allows what creates or changes; what removes wants the stack's name.
const Yes = "yes"

// Question is what the user is asked before anything is done.
type Question struct {
	Text string
	Word string // that allows it
	Skip bool   // --yes was passed

	// Free reports that new resources cost nothing, as in the sandbox: where no answer can come, creation is allowed,
	// so that a first try needs no terminal. A removal is confirmed even then.
	Free bool
}

func (q Question) prompt() string {
	q.Text = foreign.Line(q.Text)
	if q.Word == Yes {
		return fmt.Sprintf("\n%s Type %q to continue: ", q.Text, q.Word)
	}
	return fmt.Sprintf("\n%s Type the stack's name, %q, to continue: ", q.Text, q.Word)
}

// allows says whether the answer is the word. For yes, its first letter will do; a stack's name is typed in full.
func (q Question) allows(answer string) bool {
	return answer == q.Word || q.Word == Yes && (strings.EqualFold(answer, Yes) || strings.EqualFold(answer, "y"))
}

// answer is a line that was typed, or why there is none.
type answer struct {
	text string
	err  error
}

// Confirm asks. Where no answer can come, nothing is changed.
func (t Terminal) Confirm(ctx context.Context, q Question) error {
	if q.Skip {
		return nil
	}
	fmt.Fprint(t.Err, q.prompt())
	if t.Stop != nil { // no call is in flight that would have to be finished
		defer t.Stop.Show(func(string) {}, func() {})()
	}
	answers := make(chan answer, 1)
	go func() {
		text, err := bufio.NewReader(t.In).ReadString('\n')
		answers <- answer{text, err}
	}()
	select {
	case <-ctx.Done():
		fmt.Fprintln(t.Err)
		if stopped, ok := errors.AsType[ending.StoppedError](context.Cause(ctx)); ok {
			stopped.AtQuestion = true
			return stopped
		}
		return context.Cause(ctx)
	case got := <-answers:
		return t.decide(q, got)
	}
}

func (t Terminal) decide(q Question, got answer) error {
	said := strings.TrimSpace(got.text)
	switch {
	case q.allows(said):
		return nil
	case said != "" && said != "n" && said != "no":
		return fmt.Errorf("%w (%q is not %q)", ending.ErrDeclined, said, q.Word)
	case !errors.Is(got.err, io.EOF) || got.text != "":
		return ending.ErrDeclined
	}
	fmt.Fprintln(t.Err)
	switch {
	case t.Answers():
		return ending.ErrDeclined
	case q.Free && q.Word == Yes:
		fmt.Fprintln(t.Err, "No terminal to answer on; this is only the sandbox, so the run continues.")
		return nil
	}
	return fmt.Errorf("%w, because standard input is no terminal on which the question could be answered; "+
		"pass --yes to run without the question", ending.ErrDeclined)
}

// MFA asks for the code of a device that a profile's role wants; nil where it can't be typed.
func (t Terminal) MFA() func() (string, error) {
	if !t.Answers() {
		return nil
	}
	return func() (code string, err error) {
		fmt.Fprint(t.Err, "Code of the MFA device: ")
		_, err = fmt.Fscanln(t.In, &code)
		return code, err
	}
}
