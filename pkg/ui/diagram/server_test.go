package diagram

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// serve starts a server on 127.0.0.1 that shows one region.
func serve(t *testing.T) (*Server, *httptest.Server) {
	t.Helper()
	s := NewServer()
	s.Publish(drawn(2, 1, perZone))
	web := httptest.NewServer(s)
	t.Cleanup(func() {
		web.Close()
		http.DefaultClient.CloseIdleConnections()
	})
	return s, web
}

func ask(t *testing.T, method, url string, change func(*http.Request)) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(r)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func TestServerAnswersOnlyWhoMayRead(t *testing.T) {
	s, web := serve(t)
	another := NewServer().Path()
	for _, c := range []struct {
		name, method, path, host string
		want                     int
	}{
		{"the page", http.MethodGet, s.Path(), "", http.StatusOK},
		{"its head", http.MethodHead, s.Path(), "", http.StatusOK},
		{"by name", http.MethodGet, s.Path(), "localhost:80", http.StatusOK},
		{"no token", http.MethodGet, "/", "", http.StatusNotFound},
		{"another token", http.MethodGet, another, "", http.StatusNotFound},
		{"no token for the events", http.MethodGet, "/events", "", http.StatusNotFound},
		{"part of the token", http.MethodGet, s.Path()[:10] + "/", "", http.StatusNotFound},
		{"something else", http.MethodGet, s.Path() + "x", "", http.StatusNotFound},
		{"a write", http.MethodPost, s.Path(), "", http.StatusMethodNotAllowed},
		{"a name that leads here", http.MethodGet, s.Path(), "evil.example", http.StatusMisdirectedRequest},
		{"a name that leads here, with our port", http.MethodGet, s.Path(), "evil.example:80", http.StatusMisdirectedRequest},
	} {
		answer := ask(t, c.method, web.URL+c.path, func(r *http.Request) {
			if c.host != "" {
				r.Host = c.host
			}
		})
		if answer.StatusCode != c.want {
			t.Errorf("%s: status %d instead of %d", c.name, answer.StatusCode, c.want)
		}
		for _, header := range []string{"Content-Security-Policy", "Referrer-Policy", "X-Content-Type-Options"} {
			if answer.Header.Get(header) == "" {
				t.Errorf("%s: no %s", c.name, header)
			}
		}
		answer.Body.Close()
	}
}

func TestServersHaveTokensOfTheirOwn(t *testing.T) {
	if a, b := NewServer().Path(), NewServer().Path(); a == b || len(a) < 26 {
		t.Errorf("paths %s and %s", a, b)
	}
}

// events reads a stream of events; each is the text of its data.
func events(t *testing.T, ctx context.Context, url string) <-chan string {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	got := make(chan string)
	go func() {
		defer close(got)
		defer answer.Body.Close()
		lines := bufio.NewScanner(answer.Body)
		lines.Buffer(nil, 1<<20)
		var event strings.Builder
		for lines.Scan() {
			if text, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				event.WriteString(text + "\n")
			} else if lines.Text() == "" && event.Len() > 0 {
				select {
				case got <- event.String():
				case <-ctx.Done():
					return
				}
				event.Reset()
			}
		}
	}()
	return got
}

func TestServerSendsEachChange(t *testing.T) {
	s, web := serve(t)
	ctx, cancel := context.WithCancel(t.Context())
	got := events(t, ctx, web.URL+s.Path()+"events")
	if first := <-got; !strings.Contains(first, "nat-b") {
		t.Errorf("the first event lacks what is there: %.200s", first)
	}
	same := drawn(2, 1, perZone)
	same.Time = same.Time.Add(time.Minute)
	s.Publish(same) // says nothing new
	changed := drawn(2, 1, perZone)
	changed.Regions[0].Zones[1].Gateway[0].ID = "nat-new"
	s.Publish(changed)
	if second := <-got; !strings.Contains(second, "nat-new") {
		t.Errorf("the second event is not the change: %.200s", second)
	}
	cancel()
	for range got { // until the stream has ended
	}
}

func TestPageOfServerRunsItsOwnScriptOnly(t *testing.T) {
	s, web := serve(t)
	answer := ask(t, http.MethodGet, web.URL+s.Path(), nil)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	scripts := count(parse(t, []byte(strings.Replace(string(body), pageScript, "", 1))), func(e *element) bool { return e.tag == "script" })
	if scripts != 1 {
		t.Errorf("the page has %d scripts", scripts)
	}
	policy := answer.Header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "script-src 'unsafe-inline'") {
		t.Errorf("the policy is %s", policy)
	}
}
