package s3

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/textproto"
	"strconv"
	"strings"
)

// errChunked says that a body which claims to be aws-chunked is not.
var errChunked = errors.New("the request body is not aws-chunked")

// maxChunked bounds what a chunked body may claim to hold, in bytes, so that a hostile length costs no memory.
const maxChunked = 64 << 20

// decodeChunked reads an aws-chunked body: sized chunks, each with an optional signature, and trailing headers such
// as the checksum. See "Signature calculations for the authorization header: transferring payload in multiple chunks".
func decodeChunked(r io.Reader) (body []byte, trailers textproto.MIMEHeader, err error) {
	in := bufio.NewReader(r)
	for {
		size, err := chunkSize(in)
		if err != nil {
			return nil, nil, err
		}
		if size == 0 {
			break
		}
		if size > maxChunked-len(body) {
			return nil, nil, fmt.Errorf("%w: more than %d bytes", errChunked, maxChunked)
		}
		chunk := make([]byte, size)
		if _, err := io.ReadFull(in, chunk); err != nil {
			return nil, nil, fmt.Errorf("%w: a chunk of %d bytes ends early", errChunked, size)
		}
		if end, err := in.ReadString('\n'); err != nil || end != "\r\n" {
			return nil, nil, fmt.Errorf("%w: a chunk of %d bytes is longer than it says", errChunked, size)
		}
		body = append(body, chunk...)
	}
	trailers, err = textproto.NewReader(in).ReadMIMEHeader()
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, nil, fmt.Errorf("%w: trailing headers: %w", errChunked, err)
	}
	return body, trailers, nil
}

// chunkSize reads the line before a chunk: its size in hex, then perhaps ";chunk-signature=…".
func chunkSize(in *bufio.Reader) (int, error) {
	line, err := in.ReadString('\n')
	if err != nil {
		return 0, fmt.Errorf("%w: the last chunk is missing", errChunked)
	}
	digits, _, _ := strings.Cut(strings.TrimRight(line, "\r\n"), ";")
	size, err := strconv.ParseUint(digits, 16, 31)
	if err != nil {
		return 0, fmt.Errorf("%w: chunk size %q", errChunked, digits)
	}
	return int(size), nil
}
