package diagram

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	_ "embed"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

//go:embed page.js
var pageScript string

// heartbeat keeps connections open that nothing is sent on.
const heartbeat = 15 * time.Second

// Server shows a live picture. Only a browser that knows the token of its path sees it, and only on this machine: a
// foreign page that is open in the same browser can't read it, whatever names it resolves to 127.0.0.1.
type Server struct {
	token string

	mu      sync.Mutex
	picture Picture
	main    string
	changed chan struct{} // closed, and replaced by a new one, with each change
}

// NewServer is a server with a token of its own and nothing to show yet.
func NewServer() *Server { return &Server{token: rand.Text(), changed: make(chan struct{})} }

// Path is where the page is.
func (s *Server) Path() string { return "/" + s.token + "/" }

// Publish shows a picture to all viewers. One that says the same as the last but its time is not worth sending.
func (s *Server) Publish(p Picture) {
	s.mu.Lock()
	defer s.mu.Unlock()
	timeless := p
	timeless.Time = time.Time{}
	m := &markup{}
	contents(m, timeless)
	if m.String() == s.main {
		return
	}
	s.main, s.picture = m.String(), p
	close(s.changed)
	s.changed = make(chan struct{})
}

// ServeHTTP implements [http.Handler].
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.harden(w.Header())
	name, _ := strings.CutPrefix(r.URL.Path, s.Path())
	switch {
	case !local(r.Host):
		http.Error(w, "this page is for this machine only", http.StatusMisdirectedRequest)
	case !s.knows(r.URL.Path):
		http.NotFound(w, r)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "this page can only be read", http.StatusMethodNotAllowed)
	case name == "":
		s.servePage(w)
	case name == "events":
		s.serveEvents(w, r)
	default:
		http.NotFound(w, r)
	}
}

// knows compares the token in a time that tells nothing of it.
func (s *Server) knows(path string) bool {
	token, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return subtle.ConstantTimeCompare([]byte(token), []byte(s.token)) == 1
}

func local(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return slices.Contains([]string{"127.0.0.1", "::1", "[::1]", "localhost"}, host)
}

// harden lets the page run its own script and reach its own server, and nothing else.
func (s *Server) harden(h http.Header) {
	sum := sha256.Sum256([]byte(pageScript))
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; connect-src 'self'; script-src 'sha256-"+
		base64.StdEncoding.EncodeToString(sum[:])+"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}

func (s *Server) servePage(w http.ResponseWriter) {
	s.mu.Lock()
	p := s.picture
	s.mu.Unlock()
	var text bytes.Buffer
	if err := page(&text, p, pageScript); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(text.Bytes()) // who went away needs no answer
}

// serveEvents sends the picture as it is, then with each change, until the reader or the server goes away.
func (s *Server) serveEvents(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		s.mu.Lock()
		p, changed := s.picture, s.changed
		s.mu.Unlock()
		m := &markup{}
		contents(m, p)
		if send(w, out, "event: stack\n"+data(m.String())) != nil {
			return
		}
		for waiting := true; waiting; {
			select {
			case <-changed:
				waiting = false
			case <-beat.C:
				if send(w, out, ": still here\n\n") != nil {
					return
				}
			case <-r.Context().Done():
				return
			}
		}
	}
}

func send(w http.ResponseWriter, out *http.ResponseController, text string) error {
	if _, err := fmt.Fprint(w, text); err != nil {
		return err
	}
	return out.Flush()
}

// data is a text as an event's data: each line on its own.
func data(text string) string {
	var event strings.Builder
	for line := range strings.Lines(text) {
		event.WriteString("data: " + strings.TrimRight(line, "\r\n") + "\n")
	}
	return event.String() + "\n"
}
