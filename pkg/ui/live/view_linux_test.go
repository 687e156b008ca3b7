package live

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"golang.org/x/sys/unix"

	"provision/pkg/graph"
)

// typist is the person at a terminal: it has the other end of a pty, reads what is shown and types.
type typist struct {
	t        *testing.T
	keyboard *os.File // the person's end
	screen   *os.File // the program's end

	mu   sync.Mutex
	seen bytes.Buffer
	news chan struct{} // something was shown
}

func atTerminal(t *testing.T, width, height uint16) *typist {
	t.Helper()
	keyboard, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	fd := int(keyboard.Fd())
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	screen, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	p := &typist{t: t, keyboard: keyboard, screen: screen, news: make(chan struct{}, 1)}
	p.resize(width, height)
	read := make(chan struct{})
	go p.read(read)
	t.Cleanup(func() {
		screen.Close() // ends what reads the other end
		<-read
		keyboard.Close()
	})
	return p
}

func (p *typist) read(done chan<- struct{}) {
	defer close(done)
	buffer := make([]byte, 4096)
	for {
		n, err := p.keyboard.Read(buffer)
		p.mu.Lock()
		p.seen.Write(buffer[:n])
		p.mu.Unlock()
		select {
		case p.news <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

func (p *typist) resize(width, height uint16) {
	p.t.Helper()
	if err := unix.IoctlSetWinsize(int(p.screen.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Col: width, Row: height}); err != nil {
		p.t.Fatal(err)
	}
}

func (p *typist) press(keys string) {
	p.t.Helper()
	if _, err := p.keyboard.WriteString(keys); err != nil {
		p.t.Fatal(err)
	}
}

// waitFor returns when a text was shown since the last waitFor. Only what changes is written to the screen.
func (p *typist) waitFor(text string) {
	p.t.Helper()
	limit := time.After(10 * time.Minute) // for a view that hangs, and never for one that is slow on a busy machine
	for {
		p.mu.Lock()
		shown := ansi.Strip(p.seen.String())
		found := strings.Contains(shown, text)
		if found {
			p.seen.Reset()
		}
		p.mu.Unlock()
		if found {
			return
		}
		select {
		case <-p.news:
		case <-limit:
			p.t.Fatalf("%q was not shown, but:\n%s", text, shown)
		}
	}
}

func (p *typist) modes() unix.Termios {
	p.t.Helper()
	modes, err := unix.IoctlGetTermios(int(p.screen.Fd()), unix.TCGETS)
	if err != nil {
		p.t.Fatal(err)
	}
	return *modes
}

// watch shows a run of all regions on the terminal.
func (p *typist) watch(stop func()) *View {
	p.t.Helper()
	m := New(upRun(seventeen...), began)
	waiting(script{m})
	return Start(m, Terminal{
		Out: p.screen, In: p.screen, Environ: []string{"TERM=xterm-256color"}, Profile: colorprofile.ANSI256,
		Now: func() time.Time { return began.Add(45 * time.Second) }, Calls: func() Calls { return Calls{All: 7} }, Stop: stop,
	})
}

func TestKeys(t *testing.T) {
	p := atTerminal(t, 80, 24)
	before := p.modes()
	stopped := make(chan struct{}, 2)
	view := p.watch(func() { stopped <- struct{}{} })
	p.waitFor("regions 1–9 of 17")
	p.press("\x1b[6~") // PgDn
	p.waitFor("9–17")
	p.press("k") // one region up
	p.waitFor("8–16")
	p.press("\x1b[H") // Home
	p.waitFor("1–9")
	p.press("?")
	p.waitFor("PgUp")
	p.press("\x1b") // Esc
	p.waitFor("NETWORK")
	p.press("d")
	p.waitFor("sa-east-1")
	p.press("q")
	<-stopped
	p.press("\x03") // Ctrl-C is a key while the view is there
	<-stopped
	view.Notice("stopping now")
	p.waitFor("stopping now")
	if err := view.End(); err != nil {
		t.Errorf("the view ended with %v", err)
	}
	if after := p.modes(); after != before {
		t.Errorf("the terminal's modes are %+v, and were %+v", after, before)
	}
}

func TestViewMovesAndResizes(t *testing.T) {
	p := atTerminal(t, 80, 24)
	view := p.watch(func() {})
	p.waitFor("regions 1–9 of 17")
	p.resize(200, 50)
	if err := unix.Kill(os.Getpid(), unix.SIGWINCH); err != nil {
		t.Fatal(err)
	}
	p.waitFor("sa-east-1")
	view.Event(graph.Event{Time: began, Region: "eu-west-1", Type: graph.EventReady, Detail: "http://x.example"})
	p.waitFor("http://x.example")
	if err := view.End(); err != nil {
		t.Errorf("the view ended with %v", err)
	}
	if err := view.End(); err != nil {
		t.Errorf("the second end: %v", err)
	}
}

// Without a keyboard, as in a pipe, the view asks for no keys.
func TestViewWithoutKeys(t *testing.T) {
	p := atTerminal(t, 80, 24)
	before := p.modes()
	m := New(upRun("eu-west-1"), began)
	view := Start(m, Terminal{
		Out: p.screen, Environ: []string{"TERM=xterm"}, Profile: colorprofile.ASCII,
		Now: func() time.Time { return began }, Calls: func() Calls { return Calls{} }, Stop: func() {},
	})
	p.waitFor("eu-west-1")
	if p.modes() != before {
		t.Error("the terminal's modes were changed")
	}
	if err := view.End(); err != nil {
		t.Errorf("the view ended with %v", err)
	}
}
