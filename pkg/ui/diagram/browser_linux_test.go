package diagram

import (
	"bytes"
	_ "embed"
	"fmt"
	"image/png"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"provision/pkg/graph"
	"provision/pkg/stack"
	"provision/pkg/verdict"
)

// These tests open the page in a browser. `make test-browser` fails where there is none, and PROVISION_SCREENSHOTS
// names a folder for screenshots of each look, for people to check.

//go:embed testdata/layout.js
var layoutScript string

// asInAWS is a picture with names as long as AWS's.
func asInAWS() Picture {
	p := drawn(3, 2, perZone)
	name := func(n *Node) {
		if prefix, _, ok := strings.Cut(n.ID, "-"); ok && !strings.HasPrefix(n.ID, "arn:") {
			n.ID = prefix + "-0" + strings.Repeat("4d", 8)
		}
	}
	r := &p.Regions[0]
	r.URL = "http://provision-web-1205606514.eu-west-1.elb.amazonaws.com"
	r.Balancer.ID = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/provision-web/94fd7ecdfdaf0df3"
	r.VPC.Facts = []string{"10.9.0.0/16"}
	for _, n := range []*Node{&r.VPC, &r.Internet} {
		name(n)
	}
	for _, list := range [][]Node{r.Group, r.Services, r.Security, r.Tables} {
		for i := range list {
			list[i].ID += strings.Repeat("4d", 8)
		}
	}
	for i := range r.Zones {
		z := &r.Zones[i]
		z.Public.Facts, z.Private.Facts = []string{"10.9.128.0/24"}, []string{"10.9.16.0/20"}
		name(&z.Table)
		for k := range z.Instances {
			id := fmt.Sprintf("i-0%x%d%s", i, k, strings.Repeat("4d", 7))
			z.Instances[k] = Node{Key: graph.Join("instance", id), Title: "Instance", ID: id, State: Ready, Word: "healthy"}
		}
	}
	return p
}

// troubled is a picture in which nothing is as it should be.
func troubled() Picture {
	p := Build("web", &stack.Status{Regions: []*stack.StatusPart{drifted()}}, asInAWS().Time)
	p.Regions = append(p.Regions, Region{
		Name: "ap-southeast-2", Verdict: verdict.Unknown,
		Err: "list VPCs: operation error EC2: DescribeVpcs, https response error StatusCode: 403, RequestID: " + strings.Repeat("0", 36),
	})
	return p
}

var pagesToSee = map[string]func() Picture{"wanted": asInAWS, "troubled": troubled, "planned": planned}

var looks = []look{
	{name: "wide", width: 1280, height: 900},
	{name: "wide-dark", width: 1280, height: 900, dark: true},
	{name: "narrow", width: 400, height: 800},
	{name: "narrow-dark", width: 400, height: 800, dark: true},
	{name: "paper", width: 1000, height: 1400, dark: true, media: "print"},
}

// pageOf writes a picture's page and returns its URL.
func pageOf(t *testing.T, p Picture) string {
	t.Helper()
	var text bytes.Buffer
	must(t, HTML(&text, p))
	path := filepath.Join(t.TempDir(), "stack.html")
	must(t, os.WriteFile(path, text.Bytes(), 0o600))
	return "file://" + path
}

// In every browser size and theme nothing sticks out, nothing overlaps, and all text is readable.
func TestBrowserShowsAllOfIt(t *testing.T) { inBrowser(t, func(b *browser) { showsAllOfIt(t, b) }) }

func showsAllOfIt(t *testing.T, b *browser) {
	t.Helper()
	for name, picture := range pagesToSee {
		url := pageOf(t, picture())
		for _, l := range looks {
			p := b.open(url, l)
			var faults []string
			p.eval(layoutScript, &faults)
			for _, fault := range faults {
				t.Errorf("%s, %s: %s", name, l.name, fault)
			}
			var shown string
			p.eval(`[...document.querySelectorAll("svg.drawing")].filter((e) => e.getBoundingClientRect().width > 0)`+
				`.map((e) => e.classList[1]).filter((e, i, all) => all.indexOf(e) === i).join()`, &shown)
			if want, _, _ := strings.Cut(l.name, "-"); shown != want && l.media == "" || l.media != "" && shown != "wide" {
				t.Errorf("%s, %s: the drawings shown are %q", name, l.name, shown)
			}
			seen(t, p.screenshot(name+"-"+l.name), l)
		}
	}
	for _, said := range b.complaints() {
		t.Errorf("a page complains: %s", said)
	}
}

// seen checks that a screenshot is as wide as it was asked for, and not empty.
func seen(t *testing.T, screenshot []byte, l look) {
	t.Helper()
	picture, err := png.Decode(bytes.NewReader(screenshot))
	must(t, err)
	if got := picture.Bounds().Dx(); got != l.width {
		t.Errorf("%s: the screenshot is %d wide", l.name, got)
	}
	colours := map[any]bool{}
	for y := picture.Bounds().Min.Y; y < picture.Bounds().Max.Y; y += 5 {
		for x := picture.Bounds().Min.X; x < picture.Bounds().Max.X; x += 5 {
			colours[picture.At(x, y)] = true
		}
	}
	if len(colours) < 20 {
		t.Errorf("%s: the screenshot has %d colours", l.name, len(colours))
	}
	dark := func() bool { r, _, _, _ := picture.At(2, 2).RGBA(); return r < 0x8000 }()
	if want := l.dark && l.media != "print"; dark != want {
		t.Errorf("%s: whether the ground is dark: %t", l.name, dark)
	}
}

// The page can be walked with Tab: the focus is seen, and Enter leads from a thing in the drawing to its row.
func TestBrowserByKeyboard(t *testing.T) { inBrowser(t, func(b *browser) { byKeyboard(t, b) }) }

func byKeyboard(t *testing.T, b *browser) {
	t.Helper()
	picture := asInAWS()
	p := b.open(pageOf(t, picture), looks[0])
	var at struct {
		Href, Label, Stroke, Plain string
		Seen                       bool
	}
	const focused = `(() => {
		const e = document.activeElement, r = e.getBoundingClientRect();
		const body = e.querySelector(".body, .title"), other = [...document.querySelectorAll(".card .body")].pop();
		return {
			href: e.getAttribute("href") || "", label: e.getAttribute("aria-label") || e.textContent,
			seen: r.width > 0 && r.left >= 0 && r.top >= 0 && r.top < innerHeight,
			stroke: body ? getComputedStyle(body).stroke : getComputedStyle(e).outlineColor,
			plain: getComputedStyle(other).stroke,
		};
	})()`
	tab := func() { t.Helper(); p.press("Tab", "", 9); p.eval(focused, &at) }
	tab()
	if at.Href != "#regions" || !at.Seen {
		t.Errorf("the first thing is %+v", at)
	}
	reached := map[string]bool{}
	for at.Label != "Route table private-a, ready, "+picture.Regions[0].Zones[0].Table.ID {
		if tab(); reached[at.Href] && at.Href == "" {
			t.Fatalf("the table of zone a is not reached; reached are %v", reached)
		}
		if !at.Seen || strings.HasPrefix(at.Href, "#eu-west-1-") && at.Stroke == at.Plain {
			t.Errorf("the focus is not seen: %+v", at)
		}
		reached[at.Href] = true
	}
	p.press("Enter", "\r", 13)
	p.await(`location.hash === "#` + thingID(picture.Regions[0], picture.Regions[0].Zones[0].Table) + `"`)
	p.await(`(() => { const r = document.querySelector("tr:target").getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight; })()`)
}

// The served page shows each change of the stack automatically, with the rules that the server sends to browsers.
func TestBrowserFollowsTheServer(t *testing.T) {
	inBrowser(t, func(b *browser) { followsTheServer(t, b) })
}

func followsTheServer(t *testing.T, b *browser) {
	t.Helper()
	s := NewServer()
	picture := asInAWS()
	s.Publish(picture)
	web := httptest.NewServer(s)
	t.Cleanup(func() { web.CloseClientConnections(); web.Close() })
	p := b.open(web.URL+s.Path(), looks[0])
	p.await(`document.querySelector(".card.ready") !== null`)
	p.eval(`document.querySelector('a[aria-label^="NAT gateway b"]').focus() === undefined`, new(bool))

	picture = asInAWS()
	picture.Regions[0].Zones[1].Gateway[0].State, picture.Regions[0].Zones[1].Gateway[0].Word = Busy, "pending"
	s.Publish(picture)
	p.await(`document.querySelector(".wide .card.busy title")?.textContent === "NAT gateway b, pending, nat-b"`)
	var label string
	p.eval(`document.activeElement.getAttribute("aria-label")`, &label)
	if label != "NAT gateway b, pending, nat-b" {
		t.Errorf("the focus went to %q", label)
	}
	for _, said := range b.complaints() {
		t.Errorf("the page complains: %s", said)
	}
	web.CloseClientConnections()
	web.Close()
	p.await(`document.querySelector("[role=status]")?.textContent.startsWith("The connection is lost")`)
}
