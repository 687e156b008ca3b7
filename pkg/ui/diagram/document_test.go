package diagram

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"provision/pkg/graph"
)

// element is one of a parsed document, with all the text in it.
type element struct {
	tag        string
	attributes map[string]string
	text       string
}

// parse reads HTML or SVG as a browser would have to: each element closed where it should be.
func parse(t *testing.T, text []byte) []*element {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(text))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	var all, open []*element
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			if len(open) > 0 {
				t.Fatalf("%s is never closed", open[len(open)-1].tag)
			}
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			e := &element{tag: token.Name.Local, attributes: map[string]string{}}
			for _, a := range token.Attr {
				e.attributes[a.Name.Local] = a.Value
			}
			all, open = append(all, e), append(open, e)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			for _, e := range open {
				e.text += string(token)
			}
		}
	}
}

func document(t *testing.T, p Picture) []*element {
	t.Helper()
	var page bytes.Buffer
	if err := HTML(&page, p); err != nil {
		t.Fatal(err)
	}
	return parse(t, page.Bytes())
}

func count(all []*element, is func(*element) bool) int {
	n := 0
	for _, e := range all {
		if is(e) {
			n++
		}
	}
	return n
}

func TestPageShowsEverythingTwiceDrawnAndOnceInWords(t *testing.T) {
	p := drawn(3, 2, perZone)
	all := document(t, p)
	for _, n := range p.Regions[0].Nodes() {
		id := thingID(p.Regions[0], n)
		links := count(all, func(e *element) bool { return e.tag == "a" && e.attributes["href"] == "#"+id })
		if links != 2 {
			t.Errorf("%s has %d links in the drawings instead of 2", n.Key, links)
		}
		if rows := count(all, func(e *element) bool { return e.tag == "tr" && e.attributes["id"] == id }); rows != 1 {
			t.Errorf("%s has %d rows", n.Key, rows)
		}
	}
}

func TestPageHoldsTogether(t *testing.T) {
	all := document(t, drawn(3, 1, single))
	ids := map[string]bool{}
	for _, e := range all {
		if id := e.attributes["id"]; id != "" {
			if ids[id] {
				t.Errorf("two elements have the ID %s", id)
			}
			ids[id] = true
		}
	}
	marker := regexp.MustCompile(`^url\(#(.*)\)$`)
	for _, e := range all {
		if target, local := strings.CutPrefix(e.attributes["href"], "#"); local && !ids[target] {
			t.Errorf("a link leads to %s, which is not there", target)
		}
		if m := marker.FindStringSubmatch(e.attributes["marker-end"]); e.attributes["marker-end"] != "" && !ids[m[1]] {
			t.Errorf("a way ends in the arrow %s, which is not there", m[1])
		}
		if label := e.attributes["aria-labelledby"]; label != "" && !ids[label] {
			t.Errorf("%s is labelled by %s, which is not there", e.tag, label)
		}
	}
}

// The page is read with no network, also by people who do not trust it.
func TestPageNeedsNothing(t *testing.T) {
	for _, e := range document(t, drawn(3, 1, perZone)) {
		if slices.Contains([]string{"script", "link", "img", "iframe", "object", "embed", "base", "form"}, e.tag) {
			t.Errorf("the page has a %s", e.tag)
		}
		for name := range e.attributes {
			if name == "src" || strings.HasPrefix(name, "on") {
				t.Errorf("the page's %s has %s", e.tag, name)
			}
		}
		if e.tag == "style" && (strings.Contains(e.text, "@import") || strings.Contains(e.text, "url(")) {
			t.Error("the style loads something")
		}
	}
}

func TestPageForScreenReaders(t *testing.T) {
	p := drawn(1, 1, perZone)
	p.Regions[0].Zones[0].Gateway[0].State, p.Regions[0].Zones[0].Gateway[0].Word = Busy, "pending"
	all := document(t, p)
	label := "NAT gateway a, pending, nat-a"
	if n := count(all, func(e *element) bool { return e.attributes["aria-label"] == label }); n != 2 {
		t.Errorf("%d drawings say %q", n, label)
	}
	if count(all, func(e *element) bool { return e.tag == "html" && e.attributes["lang"] == "en" }) != 1 {
		t.Error("the page has no language")
	}
	for _, tag := range []string{"h1", "main", "header", "nav", "caption"} {
		if count(all, func(e *element) bool { return e.tag == tag }) != 1 {
			t.Errorf("the page has not one %s", tag)
		}
	}
}

const hostile = "</style><script>alert(1)</script>\"' onload=x &amp; \x00\x1b[31m\u2028]]>"

// Names, tags and errors come from elsewhere. They are text in every form.
func TestEverythingIsEscaped(t *testing.T) {
	p := drawn(1, 1, perZone)
	p.Stack = hostile
	p.Plan = &Planned{File: hostile, Counts: map[State]int{Missing: 1}}
	r := &p.Regions[0]
	r.Name, r.Err, r.URL = hostile, hostile, "http://"+hostile
	for _, n := range []*Node{&r.VPC, &r.Internet, &r.Balancer, &r.Zones[0].Private, &r.Zones[0].Instances[0], &p.Global[0]} {
		n.Key, n.Title, n.ID, n.Word = graph.Key(hostile), hostile, hostile, hostile
		n.Facts, n.Changes, n.State = []string{hostile}, []string{hostile}, Differs
	}
	all := document(t, p)
	if n := count(all, func(e *element) bool { return e.tag == "script" || e.attributes["onload"] != "" }); n > 0 {
		t.Errorf("the page has %d elements that others wrote", n)
	}
	if count(all, func(e *element) bool { return strings.Contains(e.text, "<script>alert(1)</script>") }) == 0 {
		t.Error("the page lost the text")
	}
	var drawing bytes.Buffer
	if err := SVG(&drawing, p); err != nil {
		t.Fatal(err)
	}
	for _, e := range parse(t, drawing.Bytes()) {
		if e.tag == "script" {
			t.Error("the drawing has a script")
		}
	}
	for name, draw := range map[string]func(io.Writer, Picture) error{"mermaid": Mermaid, "dot": DOT} {
		var text bytes.Buffer
		if err := draw(&text, p); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(text.String()) {
			if strings.Count(strings.ReplaceAll(line, `\"`, ""), `"`)%2 != 0 {
				t.Errorf("%s: a quote is not closed: %s", name, line)
			}
		}
	}
}

// A drawing must be valid XML: browsers draw nothing otherwise.
func TestSVGIsXML(t *testing.T) {
	for _, way := range []string{perZone, single, regional, none} {
		var drawing bytes.Buffer
		if err := SVG(&drawing, drawn(3, 2, way)); err != nil {
			t.Fatal(err)
		}
		d := xml.NewDecoder(&drawing)
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", way, err)
			}
		}
	}
}
