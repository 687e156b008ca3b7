package diagram

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// browser is a headless Chromium that is told what to do over a pipe, in the DevTools protocol: messages of JSON, each
// ended by a zero byte.
type browser struct {
	t    *testing.T
	to   io.Writer
	last int

	mu      sync.Mutex
	waiting map[int]chan answer
	said    []string // errors of pages, and requests for anything but the pages themselves
}

type answer struct {
	Result json.RawMessage
	Error  *struct{ Message string }
}

// lost is what a test panics with when its browser is gone: the machine's fault, as a rule, and not the page's.
type lost struct{ during string }

// inBrowser runs a test in a browser, and once more in another where the first is lost. It skips the test where there is
// none.
func inBrowser(t *testing.T, test func(b *browser)) {
	t.Helper()
	program := chromium(t)
	if during, ended := attempt(func() { test(launch(t, program)) }); ended {
		t.Logf("%s: the browser is gone; another is started", during)
		if during, ended := attempt(func() { test(launch(t, program)) }); ended {
			t.Fatalf("%s: the second browser is gone, too", during)
		}
	}
}

// attempt says whether the browser was lost, and during which call.
func attempt(test func()) (during string, ended bool) {
	defer func() {
		cause := recover()
		if l, ok := cause.(lost); ok {
			during, ended = l.during, true
		} else if cause != nil {
			panic(cause)
		}
	}()
	test()
	return "", false
}

// chromium is the program, or skips the test where there is none.
func chromium(t *testing.T) string {
	t.Helper()
	program := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "headless-shell"} {
		if path, err := exec.LookPath(name); err == nil && program == "" {
			program = path
		}
	}
	if program == "" {
		if os.Getenv("PROVISION_BROWSER") != "" {
			t.Fatal("there is no Chromium on the path, and PROVISION_BROWSER asks for one")
		}
		t.Skip("there is no Chromium on the path, so that nothing shows what a browser makes of the page; see `make test-browser`")
	}
	return program
}

// launch starts a browser, which ends with the test.
func launch(t *testing.T, program string) *browser {
	t.Helper()
	reads, to, err := os.Pipe()
	must(t, err)
	from, writes, err := os.Pipe()
	must(t, err)
	cmd := exec.CommandContext(t.Context(), program, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
		"--hide-scrollbars", "--remote-debugging-pipe", "--user-data-dir="+profile(t), "about:blank")
	cmd.ExtraFiles = []*os.File{reads, writes} // 3 and 4, which is where it looks
	must(t, cmd.Start())
	must(t, reads.Close())
	must(t, writes.Close())
	b := &browser{t: t, to: to, waiting: map[int]chan answer{}}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		b.listen(from)
	}()
	t.Cleanup(func() {
		_, _ = attempt(func() { b.call("", "Browser.close", nil, nil) }) // unless it is gone
		_ = cmd.Wait()                                                   // how it ends is its own affair
		<-ended
		must(t, to.Close())
		must(t, from.Close())
	})
	return b
}

// profile is a folder for the browser, whose helpers may still write to it for a moment after it ended.
func profile(t *testing.T) string {
	folder, err := os.MkdirTemp("", "browser-")
	must(t, err)
	t.Cleanup(func() {
		for try := 0; os.RemoveAll(folder) != nil && try < 3000; try++ { // five minutes, for what hangs
			time.Sleep(100 * time.Millisecond)
		}
	})
	return folder
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (b *browser) listen(from io.Reader) {
	in := bufio.NewReader(from)
	for {
		text, err := in.ReadBytes(0)
		if err != nil {
			break
		}
		var message struct {
			ID     int
			Method string
			Params json.RawMessage
			answer
		}
		if json.Unmarshal(text[:len(text)-1], &message) != nil {
			continue
		}
		b.mu.Lock()
		if waiting := b.waiting[message.ID]; waiting != nil {
			waiting <- message.answer
			delete(b.waiting, message.ID)
		}
		switch message.Method {
		case "Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded":
			b.said = append(b.said, string(message.Params))
		}
		b.mu.Unlock()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, waiting := range b.waiting {
		close(waiting)
	}
	b.waiting = nil
}

// call asks the browser, or a page of it, and waits for the answer.
func (b *browser) call(session, method string, params, result any) {
	b.t.Helper()
	b.last++
	message, err := json.Marshal(map[string]any{"id": b.last, "sessionId": session, "method": method, "params": params})
	if session == "" {
		message, err = json.Marshal(map[string]any{"id": b.last, "method": method, "params": params})
	}
	must(b.t, err)
	waiting := make(chan answer, 1)
	b.mu.Lock()
	if b.waiting == nil {
		b.mu.Unlock()
		panic(lost{method})
	}
	b.waiting[b.last] = waiting
	b.mu.Unlock()
	if _, err := b.to.Write(append(message, 0)); err != nil {
		panic(lost{method})
	}
	got, ok := <-waiting
	switch {
	case method == "Browser.close":
	case !ok:
		panic(lost{method})
	case got.Error != nil:
		b.t.Fatalf("%s: %s", method, got.Error.Message)
	case result != nil:
		must(b.t, json.Unmarshal(got.Result, result))
	}
}

// complaints are what pages have said on their consoles since the last time.
func (b *browser) complaints() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	said := b.said
	b.said = nil
	return said
}

// tab is a page that is shown.
type tab struct {
	*browser
	session string
}

// look is how a page is looked at.
type look struct {
	name          string
	width, height int
	dark          bool
	media         string // "print", or the screen's
}

// open shows what is at a URL.
func (b *browser) open(url string, l look) *tab {
	b.t.Helper()
	var target struct{ TargetID, SessionID string }
	b.call("", "Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	b.call("", "Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &target)
	p := &tab{b, target.SessionID}
	for _, domain := range []string{"Page", "Runtime", "Log"} {
		p.call(domain+".enable", nil, nil)
	}
	scheme := map[bool]string{true: "dark", false: "light"}[l.dark]
	p.call("Emulation.setEmulatedMedia", map[string]any{
		"media": l.media, "features": []map[string]string{{"name": "prefers-color-scheme", "value": scheme}},
	}, nil)
	p.call("Emulation.setDeviceMetricsOverride", map[string]any{
		"width": l.width, "height": l.height, "deviceScaleFactor": 1, "mobile": false,
	}, nil)
	p.call("Page.navigate", map[string]any{"url": url}, nil)
	p.await(`document.readyState === "complete" && location.href !== "about:blank"`)
	return p
}

func (p *tab) call(method string, params, result any) {
	p.t.Helper()
	if params == nil {
		params = map[string]any{}
	}
	p.browser.call(p.session, method, params, result)
}

// eval is the value of an expression in the page; a promise is waited for.
func (p *tab) eval(expression string, value any) {
	p.t.Helper()
	var got struct {
		Result           struct{ Value json.RawMessage }
		ExceptionDetails *struct{ Exception struct{ Description string } }
	}
	p.call("Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true, "awaitPromise": true}, &got)
	if got.ExceptionDetails != nil {
		p.t.Fatalf("%s: %s", expression, got.ExceptionDetails.Exception.Description)
	}
	must(p.t, json.Unmarshal(got.Result.Value, value))
}

// await waits, in the page, until an expression is true there.
func (p *tab) await(expression string) {
	p.t.Helper()
	var is bool
	p.eval(fmt.Sprintf(`(async () => {
		for (let i = 0; i < 30000; i++) { // five minutes at least: for what hangs, and never for what is slow
			if (%s) return true;
			await new Promise((done) => setTimeout(done, 10));
		}
		return false;
	})()`, expression), &is)
	if !is {
		p.t.Fatalf("it did not happen: %s", expression)
	}
}

// press is a key that goes down and up.
func (p *tab) press(key, text string, code int) {
	p.t.Helper()
	event := map[string]any{"type": "keyDown", "key": key, "code": key, "windowsVirtualKeyCode": code, "text": text}
	p.call("Input.dispatchKeyEvent", event, nil)
	p.call("Input.dispatchKeyEvent", map[string]any{"type": "keyUp", "key": key, "code": key, "windowsVirtualKeyCode": code}, nil)
}

// screenshot is the whole page as a PNG. It is also left in the folder that PROVISION_SCREENSHOTS names, to be looked at.
func (p *tab) screenshot(name string) []byte {
	p.t.Helper()
	var got struct{ Data string }
	p.call("Page.captureScreenshot", map[string]any{"format": "png", "captureBeyondViewport": true}, &got)
	picture, err := base64.StdEncoding.DecodeString(got.Data)
	must(p.t, err)
	if folder := os.Getenv("PROVISION_SCREENSHOTS"); folder != "" {
		must(p.t, os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o644))
	}
	return picture
}
