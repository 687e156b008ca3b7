package s3

import (
	"crypto/md5"  //nolint:gosec // a checksum algorithm of the S3 API, not a secret
	"crypto/sha1" //nolint:gosec // likewise
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	gohash "hash"
	"hash/crc32"
	"hash/crc64"
	"maps"
	"slices"
)

// nvme is the polynomial of CRC-64/NVME in the reversed form that hash/crc64 takes.
const nvme = 0x9a6c9329ac4bc9b5

// checksums are the algorithms that S3 checks uploads by, by the name in the header x-amz-checksum-<name>.
// See "Checking object integrity in Amazon S3".
var checksums = map[string]func() gohash.Hash{
	"crc32":     func() gohash.Hash { return crc32.NewIEEE() },
	"crc32c":    func() gohash.Hash { return crc32.New(crc32.MakeTable(crc32.Castagnoli)) },
	"crc64nvme": func() gohash.Hash { return crc64.New(crc64.MakeTable(nvme)) },
	"md5":       md5.New,
	"sha1":      sha1.New,
	"sha256":    sha256.New,
	"sha512":    sha512.New,
}

const checksumHeader = "X-Amz-Checksum-"

// checksum finds the checksum that an upload was sent with, in its headers or in its trailers, and says whether body
// has it. Without one the algorithm is empty.
func checksum(body []byte, get ...func(string) string) (name, value string, ok bool) {
	for _, name := range slices.Sorted(maps.Keys(checksums)) {
		for _, header := range get {
			want := header(checksumHeader + name)
			if want == "" {
				continue
			}
			sum := checksums[name]()
			sum.Write(body)
			return name, want, base64.StdEncoding.EncodeToString(sum.Sum(nil)) == want
		}
	}
	return "", "", true
}
