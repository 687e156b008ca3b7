package config

import (
	"bytes"
	"fmt"
	"strings"
)

// unixLines is a script with the line ends that cloud-init gives it: where the first line ends in CR LF, all such ends
// become LF (cloud-init's util.dos2unix). So an editor on Windows changes nothing on the instances, and replaces none.
func unixLines(script []byte) []byte {
	first, _, found := bytes.Cut(script, []byte("\n"))
	if !found || !bytes.HasSuffix(first, []byte("\r")) {
		return script
	}
	return bytes.ReplaceAll(script, []byte("\r\n"), []byte("\n"))
}

// headers are the possible starts of the first line of user data, from which cloud-init knows what to do with it
// (cloud-init documentation, "User-data formats"). It ignores anything else, and the instance starts without it.
var headers = []string{
	"#!", "#cloud-config", "#include", "#cloud-boothook", "#part-handler", "## template:",
	"Content-Type: multipart", "MIME-Version:",
}

// gzipped is the start of compressed user data; cloud-init unpacks it.
var gzipped = []byte{0x1f, 0x8b}

// checkScript refuses user data that cloud-init would ignore, or that EC2 refuses.
func checkScript(script []byte) fault {
	first, _, _ := strings.Cut(string(script), "\n")
	switch {
	case len(bytes.TrimSpace(script)) == 0:
		return fault{"is empty", "remove the line for the built-in script"}
	case bytes.HasPrefix(script, gzipped):
		return fault{}
	case strings.HasPrefix(first, byteOrderMark):
		return fault{"starts with a byte order mark, so that cloud-init doesn't recognise its first line", "save it as UTF-8 without BOM"}
	}
	for _, header := range headers {
		if len(first) >= len(header) && strings.EqualFold(first[:len(header)], header) {
			return fault{}
		}
	}
	return fault{
		fmt.Sprintf("starts with %q, which cloud-init ignores", shortened(first)),
		"start it with #!/bin/bash, #cloud-config or another header of cloud-init's",
	}
}

// shortened is enough of a line to recognise it.
func shortened(line string) string {
	const enough = 40
	if runes := []rune(line); len(runes) > enough {
		return string(runes[:enough]) + "…"
	}
	return line
}
