package s3

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestDecodeChunked(t *testing.T) {
	for name, c := range map[string]struct{ in, body, crc string }{
		"unsigned with trailer": {
			in:   "5\r\nhello\r\n6\r\n world\r\n0\r\nx-amz-checksum-crc32:DUoRhQ==\r\n\r\n",
			body: "hello world", crc: "DUoRhQ==",
		},
		"signed":               {in: "3;chunk-signature=ab\r\nabc\r\n0;chunk-signature=cd\r\n\r\n", body: "abc"},
		"empty":                {in: "0\r\n\r\n"},
		"ends after last size": {in: "1\r\nx\r\n0\r\n", body: "x"},
	} {
		t.Run(name, func(t *testing.T) {
			body, trailers, err := decodeChunked(strings.NewReader(c.in))
			if err != nil {
				t.Fatal(err)
			}
			if string(body) != c.body || trailers.Get("x-amz-checksum-crc32") != c.crc {
				t.Errorf("got body %q and checksum %q", body, trailers.Get("x-amz-checksum-crc32"))
			}
		})
	}
}

func TestDecodeChunkedRefuses(t *testing.T) {
	for name, in := range map[string]string{
		"no chunk":       "",
		"not hex":        "xyz\r\n",
		"negative":       "-1\r\n",
		"too long":       "7fffffff\r\nx",
		"cut":            "5\r\nhel",
		"longer":         "2\r\nhello\r\n0\r\n\r\n",
		"no last chunk":  "5\r\nhello\r\n",
		"broken trailer": "0\r\nno colon here\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			if body, _, err := decodeChunked(strings.NewReader(in)); !errors.Is(err, errChunked) {
				t.Errorf("got body %q, error %v", body, err)
			}
		})
	}
}

// A body that is split into chunks comes back whole, however it is split.
func TestDecodeChunkedProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		chunks := rapid.SliceOf(rapid.SliceOfN(rapid.Byte(), 1, 40)).Draw(t, "chunks")
		var wire bytes.Buffer
		for _, chunk := range chunks {
			fmt.Fprintf(&wire, "%x\r\n%s\r\n", len(chunk), chunk)
		}
		wire.WriteString("0\r\n\r\n")
		body, _, err := decodeChunked(&wire)
		if err != nil {
			t.Fatal(err)
		}
		if want := bytes.Join(chunks, nil); !bytes.Equal(body, want) {
			t.Errorf("got %q, want %q", body, want)
		}
	})
}

func FuzzDecodeChunked(f *testing.F) {
	f.Add([]byte("5\r\nhello\r\n0\r\nx-amz-checksum-crc32:DUoRhQ==\r\n\r\n"))
	f.Add([]byte("3;chunk-signature=ab\r\nabc\r\n0;chunk-signature=cd\r\n\r\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		body, _, err := decodeChunked(bytes.NewReader(in))
		if err == nil && len(body) > len(in) {
			t.Errorf("%d bytes decode to %d", len(in), len(body))
		}
	})
}
