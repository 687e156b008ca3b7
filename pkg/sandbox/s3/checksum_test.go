package s3

import (
	"net/http"
	"testing"
)

// The values are the algorithms' published check values for "123456789", base64.
func TestChecksum(t *testing.T) {
	body := []byte("123456789")
	for name, want := range map[string]string{
		"crc32":     "y/Q5Jg==",
		"crc32c":    "4waSgw==",
		"crc64nvme": "rosUhgp5mIg=",
		"sha1":      "98O8HYCOBHMq32eZZczDTKeuNEE=",
		"sha256":    "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=",
	} {
		t.Run(name, func(t *testing.T) {
			sent := http.Header{}
			sent.Set(checksumHeader+name, want)
			algorithm, value, ok := checksum(body, http.Header{}.Get, sent.Get)
			if algorithm != name || value != want || !ok {
				t.Errorf("got %q %q %v", algorithm, value, ok)
			}
			if _, _, ok := checksum(append(body, '0'), sent.Get); ok {
				t.Error("another body has the same checksum")
			}
		})
	}
	if algorithm, _, ok := checksum(body, http.Header{}.Get); algorithm != "" || !ok {
		t.Errorf("without a checksum: got %q %v", algorithm, ok)
	}
}
