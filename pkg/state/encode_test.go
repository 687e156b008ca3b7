package state

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func mustSeal(t testing.TB, v sealed) []byte {
	t.Helper()
	data, err := seal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// resealed puts content under a checksum of its own, as if a program had written it.
func resealed(content string) []byte { return append(sealOf([]byte(content)), content...) }

func TestSealedIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := anyDocument(t)
		data, err := seal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got Document
		if err := unseal("here", data, &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
		again, err := seal(got)
		if err != nil || !bytes.Equal(data, again) {
			t.Fatalf("the same document has two forms: %v\n%s\n%s", err, data, again)
		}
	})
}

func TestSealedIsForPeople(t *testing.T) {
	text := string(mustSeal(t, someDocument()))
	for _, want := range []string{
		"{\n  \"checksum\": \"sha256:", "\n  \"schema\": 1,\n  \"stack\": \"web\",\n", `"id": "web-<role>&\""`,
		"      \"cidr\": \"10.7.0.0/16\",\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %q:\n%s", want, text)
		}
	}
}

func TestTruncatedAnywhereIsCorrupt(t *testing.T) {
	data := mustSeal(t, someDocument())
	for n := range data {
		mustBeCorrupt(t, fmt.Sprintf("cut at byte %d", n), data[:n])
	}
}

func TestAnyFlippedBitIsCorrupt(t *testing.T) {
	const seed = 20261124
	random := rand.New(rand.NewPCG(seed, 0))
	data := mustSeal(t, someDocument())
	for range 1000 {
		bit := random.IntN(len(data) * 8)
		damaged := bytes.Clone(data)
		damaged[bit/8] ^= 1 << (bit % 8)
		mustBeCorrupt(t, fmt.Sprintf("seed %d, bit %d", seed, bit), damaged)
	}
}

func mustBeCorrupt(t *testing.T, what string, data []byte) {
	t.Helper()
	var d Document
	err := unseal("web.json", data, &d)
	corrupt, ok := errors.AsType[*CorruptError](err)
	if !ok || corrupt.Location != "web.json" || !strings.Contains(err.Error(), "it was left as it is") {
		t.Errorf("%s: %v", what, err)
	}
}

func TestUnsealRefuses(t *testing.T) {
	data := mustSeal(t, someDocument())
	content := string(data[len(sealOf(nil)):])
	for name, c := range map[string]struct {
		data []byte
		says string
	}{
		"nothing":          {nil, "it is empty"},
		"zeros":            {make([]byte, 4096), "it is cut off"},
		"half":             {data[:len(data)/2], "it is cut off"},
		"edited":           {bytes.Replace(data, []byte("vpc-1"), []byte("vpc-2"), 1), "edited by hand"},
		"two of them":      {append(bytes.Clone(data), data...), "edited by hand"},
		"no JSON":          {resealed("]\n}\n"), "it is not JSON"},
		"unknown field":    {resealed("  \"color\": 1,\n" + content), `unknown field "color"`},
		"text after it":    {resealed(content + "{\n}\n"), "it is not JSON"},
		"no schema":        {resealed("  \"stack\": \"web\"\n}\n"), "schema 0 never existed"},
		"no stack":         {resealed(strings.Replace(content, `"web"`, `""`, 1)), "it names no stack"},
		"no owner":         {resealed(strings.Replace(content, owner1, "me", 1)), `its owner "me" is no ULID`},
		"acting ID":        {resealed(strings.Replace(content, `"nonce": "n2"`, `"nonce": "n2\u001b[2J"`, 1)), "holds a control character"},
		"acting region":    {resealed(strings.Replace(content, `"eu-west-1"`, `"eu-west-1\nPlan: nothing to do"`, 1)), "holds a control character"},
		"nameless":         {resealed(strings.Replace(content, `"nonce": "n2",`, "", 1)), "neither an ID nor a nonce"},
		"another's serial": {resealed(strings.Replace(content, `"serial": 7`, `"serial": -7`, 1)), "it holds a field"},
	} {
		t.Run(name, func(t *testing.T) {
			var d Document
			err := unseal("web.json", c.data, &d)
			if _, ok := errors.AsType[*CorruptError](err); !ok || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want it to say %q", err, c.says)
			}
		})
	}
}

func TestUnsealNewer(t *testing.T) {
	data := resealed("  \"schema\": 2,\n  \"color\": 1\n}\n")
	var d Document
	err := unseal("web.json", data, &d)
	newer, ok := errors.AsType[*NewerError](err)
	if !ok || newer.Schema != 2 || !strings.Contains(err.Error(), "a newer program wrote it") {
		t.Errorf("got %v", err)
	}
}

func TestSealRefusesWhatCouldNotBeRead(t *testing.T) {
	if data, err := seal(Document{Schema: Schema}); err == nil {
		t.Errorf("sealed a document without a head:\n%s", data)
	}
}

func FuzzUnseal(f *testing.F) {
	f.Add(mustSeal(f, someDocument()))
	f.Add(resealed("  \"schema\": 2\n}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var d Document
		if unseal("here", data, &d) != nil {
			return
		}
		again, err := seal(d)
		if err != nil {
			t.Fatalf("read what can't be written: %v", err)
		}
		var e Document
		if err := unseal("here", again, &e); err != nil || !cmp.Equal(d, e) {
			t.Fatalf("%v\n%s", err, cmp.Diff(d, e))
		}
	})
}

// A file that grew while it was read is too large, too, and is not decoded.
func TestWhatIsLargerThanAnyStateIsCorrupt(t *testing.T) {
	data := make([]byte, maxSize+1)
	if _, err := checkSeal(data); !errors.Is(err, errTooLarge) {
		t.Errorf("a byte too large: %v", err)
	}
	if _, err := checkSeal(data[:maxSize]); err == nil || errors.Is(err, errTooLarge) {
		t.Errorf("just as large as may be: %v", err)
	}
	mustBeCorrupt(t, "a byte too large", data)
}

// What ends as a state does, and is no longer than a seal, is cut off at its start.
func TestWhatIsShorterThanItsSealIsCorrupt(t *testing.T) {
	const end = "\n}\n"
	for _, length := range []int{len(end), len(sealOf(nil)) - 1, len(sealOf(nil))} {
		data := []byte(strings.Repeat(" ", length-len(end)) + end)
		if _, err := checkSeal(data); err == nil || err.Error() != "it is cut off" {
			t.Errorf("%d bytes: %v", length, err)
		}
	}
}
