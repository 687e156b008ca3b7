package live

import (
	"io"
	"os"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"provision/pkg/graph"
)

// Terminal is where a view is shown, and what it asks for.
type Terminal struct {
	Out     *os.File
	In      io.Reader // nil: there are no keys
	Environ []string
	Profile colorprofile.Profile

	Now   func() time.Time // the run's time
	Calls func() Calls     // the API calls so far
	Stop  func()           // the user asked the run to stop
}

// frame is how often the view is redrawn.
const frame = 100 * time.Millisecond

// View is a model on a terminal. Its methods may be called from many goroutines, and none waits for the terminal.
type View struct {
	terminal Terminal
	program  *tea.Program
	gone     chan struct{} // closed when the terminal is as it was
	err      error         // once gone is closed

	mu    sync.Mutex
	model *Model
	ended bool
}

// Start shows the model. End must be called.
func Start(m *Model, t Terminal) *View {
	v := &View{terminal: t, model: m, gone: make(chan struct{})}
	v.program = tea.NewProgram(screen{view: v},
		tea.WithOutput(t.Out), tea.WithInput(t.In), tea.WithEnvironment(t.Environ),
		tea.WithColorProfile(t.Profile), tea.WithoutSignalHandler(),
	)
	go func() {
		defer close(v.gone)
		_, v.err = v.program.Run()
	}()
	return v
}

// Event takes an event of the run.
func (v *View) Event(e graph.Event) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.model.Event(e)
}

// Notice sets a line that stays in view.
func (v *View) Notice(text string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.model.Notice(text)
}

// End takes the view away and gives the terminal back. It may be called more than once.
func (v *View) End() error {
	v.mu.Lock()
	v.ended = true
	v.mu.Unlock()
	v.program.Quit()
	<-v.gone
	return v.err
}

// render is the model as it is now; nothing once the run has ended, so that what follows takes the view's place.
func (v *View) render(width, height int) string {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.ended {
		return ""
	}
	v.model.SetCalls(v.terminal.Calls())
	return v.model.Render(width, height, v.terminal.Now())
}

// press does what a key is for.
func (v *View) press(key string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch key {
	case "q", "ctrl+c":
		v.terminal.Stop()
	case "up", "k":
		v.model.Move(-1)
	case "down", "j":
		v.model.Move(1)
	case "pgup", "b":
		v.model.MovePages(-1)
	case "pgdown", "space":
		v.model.MovePages(1)
	case "home", "g":
		v.model.Move(-len(v.model.regions))
	case "end", "G":
		v.model.Move(len(v.model.regions))
	case "d":
		v.model.ToggleDetails()
	case "?", "h":
		v.model.ToggleHelp()
	case "esc":
		v.model.help = false
	}
}

// screen is what bubbletea asks: keys, sizes and the passing of time come to it.
type screen struct {
	view          *View
	width, height int
}

type tick struct{}

func nextFrame() tea.Cmd { return tea.Tick(frame, func(time.Time) tea.Msg { return tick{} }) }

// Init implements [tea.Model].
func (screen) Init() tea.Cmd { return nextFrame() }

// Update implements [tea.Model].
func (s screen) Update(message tea.Msg) (tea.Model, tea.Cmd) {
	switch message := message.(type) {
	case tick:
		return s, nextFrame()
	case tea.WindowSizeMsg:
		s.width, s.height = message.Width, message.Height
	case tea.KeyPressMsg:
		s.view.press(message.String())
	}
	return s, nil
}

// View implements [tea.Model].
func (s screen) View() tea.View {
	if s.width == 0 {
		return tea.NewView("")
	}
	return tea.NewView(s.view.render(s.width, s.height))
}
